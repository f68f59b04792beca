"""The reads of the reference content in v3."""
