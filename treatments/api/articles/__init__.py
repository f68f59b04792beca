"""``/api/v3/articles/`` and its neighbors."""
