"""Drafts for people without an account, and previews while an editor types."""
