"""Kept under its documented name: see ``treatments.models.anchors``."""

from treatments.models.anchors import GivenAnchors as GivenAnchors
from treatments.models.anchors import choose_anchors as choose_anchors
