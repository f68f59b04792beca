"""The blocks of a treatment article. ``streams`` reads like a table of contents."""
