"""What editors see of articles in Wagtail's admin."""
