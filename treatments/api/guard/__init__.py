"""What Wagtail's v3 API does not check, and we do."""
