"""One representation of an article, and the endpoints of Wagtail's v2 and v3 APIs that serve it."""
