"""An approval is about the text that the screen shows: all of it is there, with what has changed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from tests import factories
from tests.review.conftest import admit, create_reviewer
from tests.review.deciding import decide, start
from tests.review.drafts import create_draft_with_term, edit, get_step, set_step
from tests.review.screen import get_content, get_status, get_url, read_form
from treatments.comparison.definitions import TECHNICAL_KEYS
from treatments.hashes.content import VOLATILE_KEYS, select_content
from treatments.review.models import Decision, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(article, doctor):
    return admit(doctor)


#: Codes and dates, which the screen tells in words.
CODE = re.compile(r"[a-z_]+|\w+HealthAspect|\d{4}-\d\d-\d\d")
#: What of the hashed content no reader reads: it tells one thing from another.
UNREAD_KEYS = VOLATILE_KEYS | TECHNICAL_KEYS | {"type", "locale", "file_hash", "text"}


def find_texts(value, key=""):
    """Yield every text in a JSON value, of HTML its words and where it leads."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in UNREAD_KEYS or (name == "text" and "html" not in value):
                yield from find_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from find_texts(inner, key)
    elif isinstance(value, str) and key == "html":
        yield from re.sub(r"<[^>]*>", " ", value).split()
        yield from re.findall(r'href="([^"]*)"', value)
    elif isinstance(value, str):
        yield value


def test_every_text_that_is_approved_is_on_the_screen(
    client, site, targets, admin_user
):
    GlossaryTerm.objects.update(aliases="Alias one\nAlias two", pronunciation="me-TAS")
    Reference.objects.update(
        pmid="31242361",
        doi="10.1000/sample",
        url="https://sample.example/trial",
        container_title="Sample journal",
        authors="Sample AB\nOther CD",
    )
    page, _sampler = factories.create_full_article(site.index, targets)
    for model in (Condition, Treatment):
        model.objects.update(
            description=f"What {model.__name__} is.",
            also_known_as=f"{model.__name__} one\nSample",
            ncit_code="C4872" if model is Condition else "C15329",
        )
    page.intro = '<p>See <a href="https://elsewhere.example/">there</a></p>'
    page.save_revision()
    page = type(page).objects.get(pk=page.pk)
    client.force_login(admin_user)
    text = unescape(client.get(get_url(page)).content.decode())
    [article] = re.findall(r'<article class="outline".*?</article>', text, re.DOTALL)
    content = select_content(get_content(page).document)
    hidden = {
        each
        for each in find_texts(content)
        if each not in article and not CODE.fullmatch(each)
    }
    assert hidden == set()


def test_a_publisher_approves_on_the_screen_what_it_shows(
    client, article, others, author, publisher
):
    edit(article, set_step("Shown"), author, publish=False)
    _page, state = start(article, others, user=author)
    client.force_login(publisher)
    assert "The article waits for “Publication”" in client.get(get_url(article)).text
    data = read_form(article, action="act", task_action="approve", comment="")
    edit(article, set_step("Another"), author, publish=False)

    refused = client.post(get_url(article), data)

    assert refused.status_code == 409
    assert get_status(state) == TaskState.STATUS_IN_PROGRESS
    assert get_step(article) == "The skin is numbed"

    data = read_form(article, action="act", task_action="approve", comment="")
    assert client.post(get_url(article), data).status_code == 302
    assert get_status(state) == TaskState.STATUS_APPROVED
    assert get_step(article) == "Another"


def test_who_approves_another_text_sees_what_has_changed_and_the_way_to_it(
    client, draft, doctor, author, task
):
    start(draft, task, user=author)
    client.force_login(doctor)
    data = read_form(draft, action="decide", verdict="approved", statement="Mine")
    edit(draft, set_step("Numbed with another drug"), author, publish=False)

    answer = client.post(get_url(draft), data)

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nothing was decided" in text
    assert "What happens" in text
    assert "Numbed with another drug" in text
    assert f'href="{get_url(draft)}"' in text
    assert ">Mine<" in text
    assert not Decision.objects.exists()


def test_the_words_of_a_definition_that_changed_meanwhile_are_shown(
    client, site, author, doctor, task
):
    page, term = create_draft_with_term(site.index, author, "<p>five millimeters</p>")
    start(page, task, user=author)
    client.force_login(doctor)
    data = read_form(page, action="decide", verdict="approved", statement="")
    term.definition = "<p>ten millimeters</p>"
    term.save_revision().publish()

    answer = client.post(get_url(page), data)

    assert answer.status_code == 409
    assert "ten" in answer.text
    assert not Decision.objects.exists()


def test_the_screen_shows_the_text_and_what_has_changed_since_ones_own_decision(
    client, article, doctor, author, task
):
    second = create_reviewer("Second")
    decide(article, doctor)
    edit(article, set_step("The skin is cleaned"), author)
    decide(article, second)
    edit(article, set_step("The skin is shaved"), author, publish=False)
    client.force_login(doctor)

    text = client.get(get_url(article)).content.decode()

    assert "The tumor is small" in text
    assert "The skin is shaved" in text
    assert "numbed" in text
    assert "cleaned" not in text

    decide(article, doctor)
    text = client.get(get_url(article)).content.decode()
    assert "The text is the one that you decided about" in text


def test_who_never_decided_is_told_so(client, draft, doctor, author, task):
    start(draft, task, user=author)
    client.force_login(doctor)

    assert (
        "You have not decided about this article yet" in client.get(get_url(draft)).text
    )


def test_a_reviewer_reads_the_draft_in_the_reader(client, draft, doctor, author, task):
    start(draft, task, user=author)
    revision = draft.get_latest_revision()
    url = reverse("treatments_review:read", args=[draft.pk, revision.pk])
    client.force_login(doctor)
    assert url in client.get(get_url(draft)).text

    answer = client.get(url)

    assert answer.status_code == 200
    assert "Not reviewed" in answer.text
    assert "no-store" in answer["Cache-Control"]
    edit(draft, set_step("Another"), author, publish=False)
    assert client.get(url).url == get_url(draft)


def test_changes_that_are_asked_for_on_the_screen_end_the_task(
    client, draft, doctor, author, task
):
    _page, state = start(draft, task, user=author)
    client.force_login(doctor)
    data = read_form(draft, action="decide", verdict="changes_requested")

    client.post(get_url(draft), {**data, "statement": "The dose is wrong."})

    assert get_status(state) == TaskState.STATUS_REJECTED
    assert Decision.objects.get().verdict == Verdict.CHANGES_REQUESTED
    state = WorkflowState.objects.get(pk=state.workflow_state_id)
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_the_screen_shows_what_is_published_beside_the_text_and_not_decided_about(
    client, site, targets, admin_user
):
    page, _sampler = factories.create_full_article(site.index, targets)
    page.seo_title = "Title for engines"
    page.search_description = "Take 40 mg a day"
    page.save_revision().publish()
    client.force_login(admin_user)
    text = client.get(get_url(page)).content.decode()
    [beside] = re.findall(
        r'<section aria-labelledby="beside-heading">.*?</section>\s*<section aria-labelledby="dec',
        text,
        re.DOTALL,
    )
    document = get_content(page).document
    related = [row["page"]["title"] for row in document["related"]]
    words = [page.seo_title, page.search_description, "Sample Author", *related]
    assert related
    assert [word for word in words if word not in unescape(beside)] == []
    [article] = re.findall(r'<article class="outline".*?</article>', text, re.DOTALL)
    assert "40 mg" not in article
    assert page.hero_image_alt in article
    assert page.hero_image_alt not in beside
