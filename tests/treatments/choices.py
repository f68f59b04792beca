"""What an article chooses: blocks that choose, and what happens to what was chosen."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)

from treatments.content.hidden_choices import Reason


def build_block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def build_section(*content: dict[str, Any], heading: str = "What to expect") -> Any:
    return build_block("section", {"heading": heading, "content": list(content)})


def build_statistic(*reference_ids: int) -> dict[str, Any]:
    value = {
        "qualifier": "about",
        "value": 6,
        "denominator": "100",
        "outcome": "have it",
        "reference_class": "people with it",
        "citations": [
            {"type": "item", "id": str(uuid.uuid4()), "value": pk}
            for pk in reference_ids
        ],
    }
    return build_block("statistic", value)


def hide(instance: Any, reason: Reason) -> None:
    """Have readers not get something any more."""
    if reason == Reason.DELETED:
        instance.delete()
    elif reason == Reason.UNPUBLISHED:
        instance.unpublish()
    elif reason == Reason.EXPIRED:
        instance.unpublish(set_expired=True)
    elif reason == Reason.DRAFT:
        type(instance).objects.filter(pk=instance.pk).update(is_public=False)
    elif isinstance(instance, Page):
        PageViewRestriction.objects.create(page=instance, restriction_type="login")
    else:
        root = Collection.get_first_root_node()
        private = root.add_child(name="Private")
        CollectionViewRestriction.objects.create(
            collection=private, restriction_type="login"
        )
        instance.collection = private
        instance.save()


def make_document() -> Any:
    return get_document_model().objects.create(title="A leaflet", file="leaflet.pdf")


def put_text(page: Any, kind: str, pk: int) -> None:
    """Put a link into the introduction."""
    page.intro = f'<p>Words <a linktype="{kind}" id="{pk}">here</a></p>'
