"""The screens of the reviews in Wagtail's admin."""
