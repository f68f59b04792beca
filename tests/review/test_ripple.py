"""What changes in the evidence finds the articles and sections that rest on it, once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.management import call_command

from snippets.models import Reference
from tests import factories
from tests.review.conftest import FIRST, SECOND, STEPS
from tests.review.deciding import decide
from tests.review.drafts import edit
from tests.shared import share
from treatments.content.documents import load_documents
from treatments.review.models import ReviewRecord, ReviewRequest

pytestmark = pytest.mark.django_db
Reason = ReviewRequest.Reason
Status = Reference.Status
STATISTIC: dict[str, Any] = {
    "type": "statistic",
    "id": "ffffffff-2222-4222-8222-222222222222",
    "value": {
        "qualifier": "about",
        "value": 6,
        "upper_value": None,
        "denominator": "100",
        "outcome": "are alive after five years",
        "reference_class": "people with the disease",
        "comparison": {"label": "", "value": None, "upper_value": None},
        "interval": {"level_percent": None, "low": None, "high": None},
        "citations": [],
    },
}
DECISION: dict[str, Any] = {
    "type": "decision",
    "id": "ffffffff-3333-4333-8333-333333333333",
    "value": {
        "authority": "FDA (United States)",
        "identifier": "BLA 123456",
        "status": "approved",
        "indication": "For some people.",
        "decided_on": "2020-01-01",
        "code": {"system": None, "other_system": "", "code": ""},
    },
}


def build_body(*blocks):
    steps = {
        "type": "section",
        "id": FIRST,
        "value": {"heading": "What happens", "content": [STEPS]},
    }
    section = {
        "type": "section",
        "id": SECOND,
        "value": {"heading": "Numbers", "content": list(blocks)},
    }
    return [steps, section]


def create(site, title, **kwargs):
    slug = title.lower().replace(" ", "-")
    with factories.publishing_anything():
        return factories.create_article(site.index, title=title, slug=slug, **kwargs)


def create_two(home_id, **kwargs):
    """Return two articles that say the same."""
    site = factories.load_site(home_id)
    return [create(site, title, **kwargs) for title in ("One", "Two")]


shared_statistics = share(
    "shared_statistics",
    lambda home_id: create_two(home_id, body=build_body(STATISTIC)),
    on="shared_site",
)
shared_decisions = share(
    "shared_decisions",
    lambda home_id: create_two(home_id, regulatory_status=[DECISION]),
    on="shared_site",
)


@pytest.fixture
def statistics(shared_statistics):
    """Return two articles with the same number."""
    return shared_statistics


@pytest.fixture
def decisions(shared_decisions):
    """Return two articles with the same decision of an authority."""
    return shared_decisions


def cite(reference):
    return {
        "type": "rich_text",
        "id": "ffffffff-4444-4444-8444-444444444444",
        "value": f'<p>So it is<a linktype="citation" id="{reference.pk}">1</a></p>',
    }


def get_state(page):
    return load_documents([page.pk])[page.pk]["governance"]["review_state"]


def get_open():
    requests = ReviewRequest.objects.filter(closed_at=None).order_by("page_id")
    return [(each.page_id, each.reason, each.sections) for each in requests]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.CORRECTED, Reason.CORRECTED),
        (Status.CONCERN, Reason.CONCERN),
        (Status.RETRACTED, Reason.RETRACTED),
    ],
)
def test_a_reference_finds_the_articles_and_sections_that_cite_it(
    site, doctor, status, reason
):
    reference = factories.create_reference("A trial")
    one = create(site, "One", body=build_body(cite(reference)))
    two = create(
        site, "Two", intro=cite(reference)["value"], body=build_body(STATISTIC)
    )
    other = create(site, "Other", body=build_body(STATISTIC))
    for page in (one, two, other):
        decide(page, doctor)

    reference = Reference.objects.get(pk=reference.pk)
    reference.status = status
    factories.publish(reference)
    factories.publish(reference)

    assert get_open() == [(one.pk, reason, [SECOND]), (two.pk, reason, ["intro"])]
    assert get_state(one) == "changed_since_review"
    assert get_state(other) == "current"
    decide(one, doctor)
    assert get_state(one) == "current"
    assert get_open() == [(two.pk, reason, ["intro"])]


def test_a_draft_of_a_reference_asks_for_nothing(site):
    reference = factories.create_reference("A trial")
    create(site, "One", body=build_body(cite(reference)))
    reference.status = Status.RETRACTED
    reference.save_revision()

    assert get_open() == []


def test_a_reference_that_is_new_or_current_again_asks_for_nothing(site):
    reference = factories.create_reference("A trial", status=Status.RETRACTED)
    create(site, "One", body=build_body(cite(reference)))
    reference.status = Status.CURRENT
    factories.publish(reference)

    assert get_open() == []


def test_a_reference_that_comes_back_retracted_finds_the_articles(site):
    reference = factories.create_reference("A trial")
    one = create(site, "One", body=build_body(cite(reference)))
    reference.unpublish()
    reference = Reference.objects.get(pk=reference.pk)
    # As the form of a snippet that is not live saves a draft.
    reference.status = Status.RETRACTED
    reference.save()
    assert get_open() == []

    factories.publish(reference)
    factories.publish(Reference.objects.get(pk=reference.pk))

    assert get_open() == [(one.pk, Reason.RETRACTED, [SECOND])]


def set_number(value, **more):
    def change(draft):
        body = copy.deepcopy(list(draft.body.raw_data))
        body[1]["value"]["content"][0]["value"] |= {"value": value, **more}
        draft.body = body

    return change


def test_a_number_that_is_changed_finds_the_articles_that_share_it(statistics, doctor):
    one, two = statistics
    decide(two, doctor)

    edit(one, set_number(7))

    assert get_open() == [(two.pk, Reason.STATISTIC, [SECOND])]
    assert get_state(two) == "overdue"
    edit(one, set_number(7, outcome="still live after five years"))
    assert len(get_open()) == 1


def test_a_number_that_changes_twice_in_a_day_asks_twice(statistics, doctor):
    one, two = statistics
    edit(one, set_number(7))
    decide(two, doctor)
    assert get_open() == []

    edit(one, set_number(6))
    assert get_open() == []
    edit(one, set_number(7))

    assert get_open() == [(two.pk, Reason.STATISTIC, [SECOND])]
    edit(one, set_number(6))
    edit(one, set_number(7))
    assert len(get_open()) == 1


def test_other_words_are_no_other_number(statistics):
    one, _two = statistics

    edit(one, set_number(6, outcome="are still alive"))

    assert get_open() == []


def test_a_number_that_is_taken_over_asks_nobody(statistics):
    one, two = statistics
    edit(one, set_number(7))
    ReviewRequest.objects.all().delete()

    edit(two, set_number(7))

    assert get_open() == []


def test_a_translation_hears_of_a_number(shared_bilingual_site, site):
    cited = copy.deepcopy(STATISTIC)
    item = {"type": "item", "value": factories.create_reference().pk}
    cited["value"]["citations"] = [
        {**item, "id": "ffffffff-6666-4666-8666-666666666666"}
    ]
    one = create(site, "One", body=build_body(cited))
    spanish = factories.to_spanish(one)

    edit(one, set_number(9))

    assert get_open() == [(spanish.pk, Reason.STATISTIC, [SECOND])]


@pytest.mark.parametrize("is_removed", [True, False])
def test_the_decision_of_an_authority_finds_the_articles_that_name_it(site, is_removed):
    one = create(site, "One", regulatory_status=[DECISION])
    same = copy.deepcopy(DECISION)
    same["id"] = "ffffffff-5555-4555-8555-555555555555"
    two = create(site, "Two", regulatory_status=[same])
    other = copy.deepcopy(DECISION)
    other["value"]["identifier"] = "BLA 999"
    create(site, "Other", regulatory_status=[other])

    def change(draft):
        decision = copy.deepcopy(DECISION)
        decision["value"]["decided_on"] = "2026-01-01"
        draft.regulatory_status = [] if is_removed else [decision]

    edit(one, change)

    assert get_open() == [(two.pk, Reason.REGULATORY, ["about"])]


def set_decision(**values):
    def change(draft):
        decision = copy.deepcopy(DECISION)
        decision["value"] |= values
        draft.regulatory_status = [decision]

    return change


@pytest.mark.parametrize(
    "values",
    [
        {"status": "withdrawn"},
        {"indication": "Withdrawn by the authority in 2026."},
        {"decided_on": "2026-01-01"},
    ],
)
def test_a_decision_that_says_something_else_finds_the_articles_that_name_it(
    decisions, values
):
    one, two = decisions

    edit(one, set_decision(**values))

    assert get_open() == [(two.pk, Reason.REGULATORY, ["about"])]


def test_a_decision_from_before_there_was_a_status_is_an_approval(decisions):
    one, _two = decisions

    edit(one, set_decision(status="approved"))

    assert get_open() == []
    value = load_documents([one.pk])[one.pk]["regulatory_status"][0]["value"]
    assert value["status"] == "approved"


def test_the_number_of_another_authority_is_another_decision(site):
    other = copy.deepcopy(DECISION)
    other["value"]["authority"] = "EMA"
    one = create(site, "One", regulatory_status=[other])
    create(site, "Two", regulatory_status=[DECISION])

    edit(one, set_decision(authority="EMA", decided_on="2026-01-01"))

    assert get_open() == []


def test_an_authority_has_one_name_with_and_without_its_country(site):
    one = create(site, "One", regulatory_status=[DECISION])
    same = copy.deepcopy(DECISION)
    same["value"]["authority"] = "FDA"
    two = create(site, "Two", regulatory_status=[same])

    edit(one, set_decision(status="withdrawn"))

    assert [pk for pk, *_rest in get_open()] == [two.pk]


def test_other_words_in_another_language_are_no_other_decision(
    shared_bilingual_site, site
):
    one = create(site, "One", regulatory_status=[DECISION])
    spanish = factories.to_spanish(one)
    assert spanish.regulatory_status[0].value["indication"] != "For some people."

    edit(one, set_decision(indication="For some other people."))
    assert get_open() == []
    edit(one, set_decision(status="suspended"))

    assert get_open() == [(spanish.pk, Reason.REGULATORY, ["about"])]


def test_articles_from_before_are_taken_in(statistics, doctor):
    one, two = statistics
    decide(two, doctor)
    ReviewRecord.objects.all().delete()

    call_command("update_review_records", verbosity=0)

    assert get_state(two) == "current"
    edit(one, set_number(7))
    assert [pk for pk, *_rest in get_open()] == [two.pk]
