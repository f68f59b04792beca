"""What is waved through as editorial: only what was changed since a text that is in order, and nothing clinical."""

from __future__ import annotations

from typing import Any

import pytest

from snippets.models import GlossaryTerm, Reference
from tests import factories
from tests.review.conftest import SECOND, create_reviewer, create_user
from tests.review.deciding import decide
from tests.review.drafts import add_figure, edit, get_step, set_caption, set_step
from tests.shared import share
from treatments.models import TreatmentPage
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.models import Decision, Verdict
from treatments.review.refusals import ClinicalChangeError

pytestmark = pytest.mark.django_db


def publish_film(article_id: int) -> Any:
    """Put a film into the second section and let a doctor review it; return the doctor."""
    doctor = create_reviewer("Doctor")
    article = TreatmentPage.objects.get(pk=article_id)
    edit(article, add_figure, article.owner, publish=False)
    decide(article, doctor)
    article.get_latest_revision().publish()
    return doctor


shared_film = share("shared_film", publish_film, on="shared_article")


@pytest.fixture
def doctor(shared_film):
    return shared_film


@pytest.fixture
def reviewed(shared_film, strict, article):
    """Return a reviewed article with a film in its second section."""
    return article


@pytest.fixture
def two_approve(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse", "approvals": 2}},
    }


def wave(page: Any, user: Any) -> Decision:
    """Wave the latest draft through."""
    return decide(page, user, Verdict.EDITORIAL, statement="A full stop.")


def object_to(page: Any, user: Any, *scope: str) -> None:
    verdict = Verdict.CHANGES_REQUESTED
    decide(page, user, verdict, scope=scope, statement="The dose is wrong.")


def get_status(page: Any) -> ReviewStatus:
    return get_review_states([page.pk])[page.pk].status


@pytest.mark.parametrize("scope", [(), (SECOND,)])
def test_an_approval_that_was_taken_back_carries_no_caption(
    reviewed, doctor, author, scope
):
    edit(reviewed, set_step("Dose 500 mg"), author, publish=False)
    decide(reviewed, doctor)
    object_to(reviewed, doctor, *scope)
    edit(reviewed, set_caption, author, publish=False)

    with pytest.raises(ClinicalChangeError, match="What happens"):
        wave(reviewed, author)


def test_an_objection_to_what_is_public_is_not_answered_by_a_caption(
    reviewed, doctor, author
):
    object_to(reviewed, create_reviewer("Other"), SECOND)
    edit(reviewed, set_caption, author, publish=False)

    with pytest.raises(ClinicalChangeError):
        wave(reviewed, author)


def test_one_approval_of_two_carries_no_caption(reviewed, doctor, author, two_approve):
    decide(reviewed, doctor)
    decide(reviewed, create_reviewer("Second"))
    edit(reviewed, set_step("Dose 500 mg"), author, publish=False)
    decide(reviewed, doctor)
    edit(reviewed, set_caption, author, publish=False)

    with pytest.raises(ClinicalChangeError):
        wave(reviewed, author)

    decide(reviewed, doctor)
    decide(reviewed, create_reviewer("Third"))
    edit(reviewed, set_caption, author, publish=False)
    wave(reviewed, author)
    reviewed.get_latest_revision().publish()

    assert get_step(reviewed) == "Dose 500 mg"
    assert get_status(reviewed) is ReviewStatus.CURRENT


def test_a_second_caption_follows_on_a_first_one(reviewed, author):
    for _number in range(2):
        edit(reviewed, set_caption, author, publish=False)
        wave(reviewed, author)
        reviewed.get_latest_revision().publish()

        assert get_status(reviewed) is ReviewStatus.CURRENT


def test_a_caption_follows_on_the_approval_of_a_section(reviewed, doctor, author):
    object_to(reviewed, create_reviewer("Other"), SECOND)
    edit(reviewed, set_step("Dose 500 mg"), author, publish=False)
    decide(reviewed, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
    edit(reviewed, set_caption, author, publish=False)
    wave(reviewed, author)
    reviewed.get_latest_revision().publish()

    assert get_status(reviewed) is ReviewStatus.CURRENT


def add_words(draft: Any, words: str) -> None:
    """Put a text into the second section."""
    body = list(draft.body.raw_data)
    block = {
        "type": "rich_text",
        "id": "ffffffff-5555-4555-8555-555555555555",
        "value": f"<p>{words}</p>",
    }
    body[1]["value"]["content"].append(block)
    draft.body = body


def change_term(term: Any) -> None:
    term = GlossaryTerm.objects.get(pk=term.pk)
    term.definition = "<p>50 mm</p>"
    factories.publish(term)


def change_reference(reference: Any) -> None:
    reference = Reference.objects.get(pk=reference.pk)
    reference.title = "Another trial"
    factories.publish(reference)


@pytest.mark.parametrize("kind", ["term", "reference"])
def test_a_changed_definition_does_not_hide_behind_a_caption(
    reviewed, doctor, author, kind
):
    if kind == "term":
        thing = factories.create_term("margin", definition="<p>5 mm</p>")
        words = f'<a linktype="glossary-term" id="{thing.pk}">margin</a>'
    else:
        thing = factories.create_reference("A trial")
        words = f'So it is<a linktype="citation" id="{thing.pk}">1</a>'
    edit(reviewed, lambda draft: add_words(draft, words), author, publish=False)
    decide(reviewed, doctor)
    reviewed.get_latest_revision().publish()

    if kind == "term":
        change_term(thing)
    else:
        change_reference(thing)
    with pytest.raises(ClinicalChangeError):
        wave(reviewed, author)
    edit(reviewed, set_caption, author, publish=False)

    with pytest.raises(ClinicalChangeError, match="What happens"):
        wave(reviewed, author)
    decide(reviewed, doctor)
    edit(reviewed, set_caption, create_user("Editor"), publish=False)
    wave(reviewed, author)
