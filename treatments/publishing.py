"""Kept under its documented name: see ``treatments.ports.publication``."""

from treatments.ports.publication import (
    register_publication_check as register_publication_check,
)
from treatments.ports.publication import (
    register_publication_warning as register_publication_warning,
)
