"""Changes the draft of an article, and reads of one what the public gets."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests import factories

if TYPE_CHECKING:
    from snippets.models import GlossaryTerm
    from treatments.models import TreatmentPage

CAPTION = "eeeeeeee-1111-4111-8111-111111111111"


def edit(page: Any, change: Any, user: Any = None, *, publish: bool = True) -> Any:
    """Change the latest draft of an article as an editor does; publish it where wanted."""
    draft = page.get_latest_revision_as_object()
    change(draft)
    revision = draft.save_revision(user=user)
    if publish:
        with factories.publishing_anything():
            revision.publish(user=user, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def set_step(title: str) -> Any:
    """Return a change of one step's title."""

    def change(draft: Any) -> None:
        body = copy.deepcopy(list(draft.body.raw_data))
        steps = body[1]["value"]["content"][0]["value"]["phases"][0]["value"]["steps"]
        steps[0]["value"]["title"] = title
        draft.body = body

    return change


def add_figure(draft: Any) -> None:
    """Put a film into the second section."""
    body = list(draft.body.raw_data)
    body[1]["value"]["content"].append(
        {
            "type": "video",
            "id": CAPTION,
            "value": {
                "url": "https://www.example.org/v",
                "title": "A film of it",
                "transcript": "<p>One dose.</p>",
            },
        }
    )
    draft.body = body


def set_caption(draft: Any) -> None:
    """Change the title of the film: nobody's treatment."""
    body = copy.deepcopy(list(draft.body.raw_data))
    title = body[1]["value"]["content"][1]["value"]["title"]
    body[1]["value"]["content"][1]["value"]["title"] = f"{title} New."
    draft.body = body


def get_step(page: Any) -> str:
    """Return what the public reads in the step."""
    page = type(page).objects.get(pk=page.pk)
    phases = page.body.raw_data[1]["value"]["content"][0]["value"]["phases"]
    return phases[0]["value"]["steps"][0]["value"]["title"]


def create_draft_with_term(
    index: Any, author: Any, definition: str
) -> tuple[TreatmentPage, GlossaryTerm]:
    """Return an article that nobody has published, and the term that it uses."""
    term = factories.create_term("margin", definition=definition)
    page = factories.create_article(
        index,
        live=False,
        title="New",
        slug="new",
        intro=f'<p><a linktype="glossary-term" id="{term.pk}">margin</a></p>',
    )
    page.save_revision(user=author)
    return page, term
