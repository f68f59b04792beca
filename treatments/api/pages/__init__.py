"""What Wagtail's v3 API reads and takes of our pages."""
