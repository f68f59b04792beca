"""Treatment articles for Wagtail: the page types, their blocks and their API."""
