"""The screens of translations in Wagtail's admin."""
