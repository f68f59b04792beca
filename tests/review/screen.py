"""The screen on which a reviewer decides: where it is, and what it sends."""

from __future__ import annotations

from django.urls import reverse
from wagtail.models import TaskState

from treatments.review.texts import load_text, sign_shown


def get_url(page):
    return reverse("treatments_review:page", args=[page.pk])


def get_content(page):
    """Return what the latest draft says."""
    text = load_text(page.pk)
    assert text is not None
    return text.content


def read_form(page, **more):
    """Return what the screen sends that shows the latest draft."""
    content = get_content(page)
    return {
        "content_hash": content.content_hash,
        "shown": sign_shown(content),
        **more,
    }


def get_status(state):
    return TaskState.objects.get(pk=state.pk).status
