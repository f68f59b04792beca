"""The screens of the webhooks in Wagtail's admin."""
