"""Where the screens are, and what stands on them."""

from __future__ import annotations

from django.urls import reverse

from treatments.delivery import building

ENTRIES = "treatments_ledger:entries"
FAILURES = "treatments_failures:failures"


def get_history(page):
    return reverse("treatments_history:versions", args=[page.pk])


def get_comparison(page, start, end):
    address = reverse("treatments_history:compare", args=[page.pk])
    return f"{address}?from={start}&to={end}"


def get_text(client, address, expected=200):
    answer = client.get(address)
    assert answer.status_code == expected, answer
    return " ".join(answer.text.split())


def break_document(page, monkeypatch):
    """Let an article fail to be built."""

    def fail(*args, **kwargs):
        raise RuntimeError("The block cannot be shown")

    with monkeypatch.context() as patch:
        patch.setattr(building, "build_documents", fail)
        building.rebuild([page.pk])
