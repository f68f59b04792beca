"""Kept under its documented name: see ``treatments.admin.removal_guards``."""

from treatments.admin.removal_guards import guard_removal as guard_removal
