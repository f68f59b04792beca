"""Articles with a past: every publication is read once, as the public does, so that it becomes a version."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from wagtail.log_actions import LogContext

from tests import factories
from treatments.delivery import building

if TYPE_CHECKING:
    from treatments.models import TreatmentIndexPage, TreatmentPage

CRITERIA: dict[str, Any] = {
    "type": "criteria_list",
    "id": "55555555-5555-4555-8555-555555555555",
    "value": {
        "purpose": "may_help",
        "title": "Who may benefit",
        "lead_in": "It may help if the cancer",
        "logic": "all",
        "minimum": None,
        "items": [
            {
                "type": "criterion",
                "id": "66666666-6666-4666-8666-666666666666",
                "value": {
                    "text": "is small",
                    "characteristic": "include",
                    "quantity": {
                        "comparator": "le",
                        "value": 1.5,
                        "upper_value": None,
                        "unit": "cm",
                    },
                },
            },
            {
                "type": "criterion",
                "id": "77777777-7777-4777-8777-777777777777",
                "value": {
                    "text": "has not spread",
                    "characteristic": "include",
                },
            },
        ],
    },
}


def build_body(**criteria: Any) -> list[dict[str, Any]]:
    """Return a body with a text and a criteria list."""
    body: list[dict[str, Any]] = deepcopy(factories.SIMPLE_BODY)
    block = deepcopy(CRITERIA)
    block["value"].update(criteria)
    body[0]["value"]["content"].append(block)
    return body


def create_version(page: TreatmentPage, user: Any = None, **values: Any) -> None:
    """Publish an article with other values, and let it become a version."""
    for name, value in values.items():
        setattr(page, name, value)
    with LogContext(user=user):
        page.save_revision(user=user).publish(user=user)
    page.refresh_from_db()
    building.refresh([page.pk])


def create_article_with_versions(
    index: TreatmentIndexPage, user: Any = None, **kwargs: Any
) -> TreatmentPage:
    """Return an article of which the public got three versions.

    In the second, one of the criteria is enough; in the third, the title is another one.
    """
    page = factories.create_article(index, body=build_body(), live=False, **kwargs)
    create_version(page, user)
    create_version(page, user, body=build_body(logic="any"))
    create_version(page, user, title=f"{page.title}, again")
    return page


def withdraw(page: TreatmentPage, user: Any = None) -> None:
    """Unpublish an article, and let it become known."""
    with LogContext(user=user):
        page.unpublish(user=user)
    building.refresh([page.pk])
