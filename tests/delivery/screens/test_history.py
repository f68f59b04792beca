"""The history of an article in the admin: what the public got when, and why."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import GroupPagePermission

from snippets.models import GlossaryTerm
from tests import factories
from tests.delivery.screens.pages import (
    ENTRIES,
    FAILURES,
    break_document,
    get_comparison,
    get_history,
    get_text,
)
from tests.delivery.versions import (
    build_body,
    create_article_with_versions,
    create_version,
    withdraw,
)
from tests.samples import find_words
from treatments.admin.groups import PUBLISHERS
from treatments.comparison.outlines import build_outline
from treatments.delivery import building
from treatments.delivery.admin.causes import describe_causes
from treatments.delivery.admin.panels import build_panels
from treatments.delivery.article_diff import read_document
from treatments.delivery.building import retry
from treatments.delivery.models import Version
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db

# The list of versions


def test_the_versions_are_listed_with_their_cause(client, page, publisher):
    client.force_login(publisher)
    text = get_text(client, get_history(page))
    assert text.index("Version 3 as the one before") < text.index("Version 2 as the")
    assert text.count("Published by Ana Ruiz") == 3
    assert text.count("what the public gets now") == 1
    assert 'name="from" value="2" checked' in text
    assert 'name="to" value="3" checked' in text


def test_what_was_published_a_moment_ago_is_listed(client, page, publisher):
    page.title = "Newest"
    page.save_revision().publish()
    client.force_login(publisher)
    assert "Version 4 as the one after" in get_text(client, get_history(page))


def test_an_article_without_a_past_says_what_will_appear(client, index, publisher):
    draft = factories.create_article(index, live=False)
    client.force_login(publisher)
    text = get_text(client, get_history(draft))
    assert "The public has not got this article yet." in text
    assert "Compare the two" not in text


def test_causes_are_told_in_words(index, publisher, site):
    term = factories.create_term("biopsy")
    page = factories.create_article(
        index,
        intro=f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>',
        live=False,
    )
    create_version(page, publisher)
    with LogContext(user=publisher):
        term = GlossaryTerm.objects.get()
        term.definition = "<p>Other</p>"
        factories.publish(term)
        building.refresh([page.pk])
        index.slug = "elsewhere"
        factories.publish(index)
        building.refresh([page.pk])
    page.refresh_from_db()
    withdraw(page, publisher)
    create_version(page, publisher)
    page_id = page.pk
    page.delete()
    building.refresh([page_id])
    versions = list(Version.objects.filter(page_id=page_id).order_by("position"))
    causes = describe_causes(versions)
    assert [causes[version.position] for version in versions] == [
        "Published by Ana Ruiz",
        "The term “biopsy” changed (Ana Ruiz)",
        "The section was moved (Ana Ruiz)",
        "Unpublished by Ana Ruiz",
        "Published by Ana Ruiz",
        "Deleted",
    ]


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        ({}, "A date was reached, or all documents were made anew"),
        (
            {"action": "save", "key": "image:99", "user": "ben", "user_id": "x"},
            "The image “deleted since” changed (ben)",
        ),
        ({"action": "save", "key": "promotions"}, "The promotions changed"),
        ({"action": "save", "key": "gone.model:7"}, "“deleted since” changed"),
        ({"action": "new_action", "key": "own"}, "“deleted since” changed"),
    ],
)
def test_a_cause_that_is_gone_is_told_too(page, cause, text):
    version = Version.objects.filter(page_id=page.pk)[0]
    version.cause = cause
    assert describe_causes([version]) == {version.position: text}


@pytest.mark.parametrize(
    ("reason", "text"), [("unpublished", "Unpublished"), ("deleted", "Deleted")]
)
def test_a_page_that_is_saved_to_be_unpublished_was_unpublished(page, reason, text):
    withdraw(page)
    version = Version.objects.get(page_id=page.pk, kind=Version.Kind.WITHDRAWN)
    version.cause = {**version.cause, "action": "save"}
    version.reason = reason
    assert describe_causes([version]) == {version.position: text}


# Showing and comparing


def test_a_version_is_shown_as_it_was(client, page, publisher):
    client.force_login(publisher)
    address = reverse("treatments_history:version", args=[page.pk, 1])
    text = get_text(client, address)
    assert '<h2 class="w-h1">Surgery</h2>' in text
    assert "It may help if the cancer" in text
    assert "at most 1.5 cm" in text
    assert "All of them must apply" in text
    assert "&quot;content_hash&quot;" in text


def test_the_text_of_a_version_is_never_taken_for_markup(client, index, publisher):
    page = factories.create_article(index, live=False)
    create_version(page, publisher, title="<script>alert(1)</script>")
    create_version(page, publisher, title="<img src=x onerror=alert(2)>")
    client.force_login(publisher)
    for address in (
        get_history(page),
        get_comparison(page, 1, 2),
        reverse("treatments_history:version", args=[page.pk, 1]),
        reverse(ENTRIES),
    ):
        text = get_text(client, address)
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_an_outline_holds_every_word_of_an_article(index):
    targets = factories.create_targets(index)
    page, _sampler = factories.create_full_article(index, targets)
    building.refresh([page.pk])
    document = read_document(Version.objects.get(page_id=page.pk))
    told = []

    def collect(parts):
        for part in parts:
            told.extend([part.label, part.name, *part.lines])
            collect(part.parts)

    collect(build_outline(document))
    document.pop("json_ld")
    # The words about an image are said once, by the block that shows it.
    assert find_words(str(document)) <= find_words(" ".join(told))


def test_differences_are_shown_with_the_clinical_ones_first(client, page, publisher):
    client.force_login(publisher)
    text = get_text(client, get_comparison(page, 1, 3))
    assert text.index("May concern somebody’s treatment") < text.index(
        "Words, people, links and pictures"
    )
    assert "All of them must apply" in text
    assert "<ins>Any one of them is enough</ins>" in text
    assert "<del>Surgery</del>" in text


def test_versions_are_compared_from_the_earlier_one_on(client, page, publisher):
    client.force_login(publisher)
    forth = get_text(client, get_comparison(page, 1, 2))
    assert "<ins>Any one of them is enough</ins>" in forth
    assert get_text(client, get_comparison(page, 2, 1)).count("<ins>Any one") == 1
    assert "These two versions say the same." in get_text(
        client, get_comparison(page, 2, 2)
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [("9", "1"), ("", "1"), ("x", "1"), ("1", "99999999999999999999"), ("²", "1")],
)
def test_versions_that_are_not_there_are_not_found(client, page, publisher, start, end):
    client.force_login(publisher)
    answer = client.get(get_comparison(page, start, end), follow=True)
    assert answer.status_code == 404


def test_ids_that_no_page_has_are_not_found(client, publisher):
    client.force_login(publisher)
    for page_id in (2**63, 10**30):
        address = reverse("treatments_history:versions", args=[page_id])
        assert client.get(address, follow=True).status_code == 404


# Who may see it


def test_who_may_edit_an_article_may_see_its_history(client, page, editor, reviewer):
    addresses = [
        get_history(page),
        get_comparison(page, 1, 2),
        reverse("treatments_history:version", args=[page.pk, 1]),
    ]
    client.force_login(editor)
    assert [client.get(each).status_code for each in addresses] == [200] * 3
    client.force_login(reviewer)
    assert [client.get(each).status_code for each in addresses] == [302] * 3
    client.logout()
    assert [client.get(each).status_code for each in addresses] == [302] * 3


def test_the_reports_are_for_publishers(client, page, editor, publisher):
    for name in (ENTRIES, FAILURES):
        client.force_login(editor)
        assert client.get(reverse(name)).status_code == 302
        client.force_login(publisher)
        assert client.get(reverse(name)).status_code == 200


def test_publishers_see_entries_of_their_own_articles_only(
    client, site, page, publisher, monkeypatch
):
    index = site.add_child(
        instance=TreatmentIndexPage(
            title="Elsewhere", slug="elsewhere", locale=site.locale
        )
    )
    mine = create_article_with_versions(index, publisher, title="Mine", slug="mine")
    GroupPagePermission.objects.filter(group__name=PUBLISHERS).update(page=index)
    for each in (page, mine):
        break_document(each, monkeypatch)
    client.force_login(publisher)
    for name in (ENTRIES, FAILURES):
        text = get_text(client, reverse(name))
        assert get_history(mine) in text
        assert get_history(page) not in text
    assert client.get(get_history(page)).status_code == 302


def test_buttons_lead_to_the_history_of_articles_only(client, page, index, publisher):
    client.force_login(publisher)
    editing = get_text(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert get_history(page) in editing
    listing = get_text(client, reverse("wagtailadmin_explore", args=[index.pk]))
    assert get_history(page) in listing
    assert get_history(index) not in listing


# Costs


def test_lists_cost_the_same_for_few_and_for_many(
    client, page, index, publisher, monkeypatch
):
    client.force_login(publisher)
    addresses = [get_history(page), reverse(ENTRIES), reverse(FAILURES)]
    break_document(page, monkeypatch)

    def count(address):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    for address in addresses:
        count(address)
    few = [count(address) for address in addresses]
    retry([page.pk])
    for number in range(6):
        create_version(page, publisher, title=f"Title {number}", body=build_body())
        other = create_article_with_versions(index, publisher, slug=f"other-{number}")
        break_document(other, monkeypatch)
    break_document(page, monkeypatch)
    assert [count(address) for address in addresses] == few
    assert max(few) < 40
    with CaptureQueriesContext(connection) as captured:
        (panel,) = build_panels(publisher)
    assert (panel.count, len(panel.failures)) == (7, 5)
    assert len(captured) < 10


def test_dates_are_those_of_the_viewer(client, page, publisher):
    client.force_login(publisher)
    version = Version.objects.filter(page_id=page.pk).order_by("-position")[0]
    day = timezone.localtime(version.public_from)
    assert f"{day:%m/%d/%Y}" in get_text(client, get_history(page))
