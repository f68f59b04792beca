"""The public history in the admin: what it shows, to whom, and what publishers can do there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import GroupPagePermission

from snippets.models import GlossaryTerm
from tests import factories
from tests.delivery.versions import (
    build_body,
    create_article_with_versions,
    create_version,
    withdraw,
)
from tests.samples import find_words
from treatments.delivery import building
from treatments.delivery.article_diff import read_document
from treatments.delivery.failures import retry
from treatments.delivery.models import Document, Version
from treatments.delivery.screens.causes import describe_causes
from treatments.delivery.screens.outlines import build_outline
from treatments.delivery.screens.panels import build_panels
from treatments.delivery.withdrawals import WithdrawalError, annotate_withdrawal
from treatments.groups import EDITORS, PUBLISHERS, REVIEWERS, create_editorial_groups
from treatments.models import TreatmentIndexPage, TreatmentPage
from treatments.signals import document_withdrawn

pytestmark = pytest.mark.django_db
ENTRIES = "treatments_ledger:entries"
FAILURES = "treatments_failures:failures"


@pytest.fixture
def site():
    return factories.create_site()


@pytest.fixture
def index(site):
    create_editorial_groups()
    return site.index


def create_user(django_user_model, group, **names):
    user = django_user_model.objects.create_user(
        username=group.lower().replace(" ", "-"),
        password="x",  # noqa: S106
        **names,
    )
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def publisher(index, django_user_model):
    return create_user(
        django_user_model, PUBLISHERS, first_name="Ana", last_name="Ruiz"
    )


@pytest.fixture
def editor(index, django_user_model):
    return create_user(django_user_model, EDITORS)


@pytest.fixture
def reviewer(index, django_user_model):
    return create_user(django_user_model, REVIEWERS)


@pytest.fixture
def page(index, publisher):
    return create_article_with_versions(index, publisher)


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
        patch.setattr(building, "load_documents", fail)
        building.rebuild([page.pk])


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


# The report of all entries


def test_the_report_lists_the_latest_entries_first(client, page, publisher):
    withdraw(page, publisher)
    client.force_login(publisher)
    text = get_text(client, reverse(ENTRIES))
    assert text.index("Unpublished by Ana Ruiz") < text.index("Published by Ana Ruiz")
    assert text.count(get_history(page)) == 4


def test_the_report_is_narrowed(client, page, publisher):
    withdraw(page, publisher)
    client.force_login(publisher)
    address = reverse(ENTRIES)
    assert get_text(client, f"{address}?kind=withdrawn").count(get_history(page)) == 1
    assert (
        get_text(client, f"{address}?page_id={page.pk}").count(get_history(page)) == 4
    )
    for query in ("page_id=999999", "locale=es"):
        text = get_text(client, f"{address}?{query}")
        assert "Nothing in the history matches these filters." in text
    for query in (f"page_id={10**30}", "page_id=x", "kind=x", "public_from_from=x"):
        assert client.get(f"{address}?{query}").status_code == 200


def test_an_empty_report_says_so(client, publisher):
    client.force_login(publisher)
    assert "No article has been published yet." in get_text(client, reverse(ENTRIES))


def test_the_report_is_exported(client, page, publisher):
    client.force_login(publisher)
    answer = client.get(f"{reverse(ENTRIES)}?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "Published by Ana Ruiz" in text


def test_deleted_articles_stay_reachable(client, page, publisher, editor):
    page_id, address = page.pk, get_history(page)
    page.delete()
    building.refresh([page_id])
    client.force_login(publisher)
    report = get_text(client, reverse(ENTRIES))
    assert address in report
    assert "Surgery, again" in report
    text = get_text(client, address)
    assert "This page was deleted." in text
    assert "It was deleted." in text
    assert "All of them must apply" in get_text(
        client, reverse("treatments_history:version", args=[page_id, 1])
    )
    client.force_login(editor)
    assert client.get(address).status_code == 302


# Withdrawals


@pytest.fixture
def withdrawn(page, publisher):
    withdraw(page, publisher)
    return page


@pytest.fixture
def replacement(index):
    page = factories.create_article(index, title="Newer", slug="newer")
    building.refresh([page.pk])
    return Document.objects.get(pk=page.pk).path


def list_rows(page):
    """Return everything that the ledger holds of an article, in order."""
    versions = Version.objects.filter(page_id=page.pk)
    return list(versions.order_by("position").values())


def test_a_note_is_appended_and_never_written_over(
    client, withdrawn, replacement, publisher
):
    heard = []

    def hear(event, **kwargs):
        heard.append(event)

    document_withdrawn.connect(hear)
    before = list_rows(withdrawn)
    since = Document.objects.get(pk=withdrawn.pk).public_from
    client.force_login(publisher)
    values = {"note": "It was out of date.", "replacement_path": replacement.strip("/")}
    answer = client.post(get_history(withdrawn), values)
    document_withdrawn.disconnect(hear)
    assert answer.status_code == 302
    after = list_rows(withdrawn)
    assert after[:-1] == before
    assert (after[-1]["kind"], after[-1]["number"]) == ("withdrawn", 3)
    assert [event.note for event in heard] == ["It was out of date."]
    assert heard[0].replacement_path == replacement
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/")
    assert gone.status_code == 410
    problem = gone.json()
    assert problem["note"] == "It was out of date."
    assert problem["replacement_path"] == replacement
    assert problem["withdrawn_at"] == since.isoformat()
    text = get_text(client, get_history(withdrawn))
    assert "It was out of date." in text
    assert "The note to readers was changed by Ana Ruiz" in text


def test_readers_are_never_sent_to_what_is_not_public(
    client, withdrawn, replacement, publisher, index
):
    client.force_login(publisher)
    address = get_history(withdrawn)
    for path in ("/en/nowhere/", "https://elsewhere.example/", withdrawn.url):
        answer = client.post(address, {"note": "", "replacement_path": path})
        assert answer.status_code == 200
        assert "No published article has this address." in answer.text
    client.post(address, {"note": "", "replacement_path": replacement})
    newer = Document.objects.get(path=replacement)
    TreatmentPage.objects.get(pk=newer.pk).unpublish()
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/").json()
    assert gone["replacement_path"] == ""


def test_a_note_is_for_publishers(client, withdrawn, editor):
    client.force_login(editor)
    assert "Change what readers are told" not in get_text(
        client, get_history(withdrawn)
    )
    answer = client.post(get_history(withdrawn), {"note": "x", "replacement_path": ""})
    assert answer.status_code == 302
    assert not Version.objects.filter(note="x").exists()


def test_a_public_article_takes_no_note(client, page, publisher):
    with pytest.raises(WithdrawalError):
        annotate_withdrawal(page.pk, note="x", replacement_path="", user=publisher)
    client.force_login(publisher)
    answer = client.post(
        get_history(page), {"note": "x", "replacement_path": ""}, follow=True
    )
    assert "The article is not withdrawn" in answer.text
    assert not Version.objects.filter(note="x").exists()


def test_a_note_that_is_too_long_is_kept_in_the_form(client, withdrawn, publisher):
    client.force_login(publisher)
    answer = client.post(
        get_history(withdrawn), {"note": "long " * 300, "replacement_path": ""}
    )
    assert answer.status_code == 200
    assert "The note was not saved." in answer.text
    assert "long long" in answer.text
    assert "<details open>" in answer.text


# What cannot be built


def test_what_cannot_be_built_raises_an_alarm(client, page, publisher, monkeypatch):
    break_document(page, monkeypatch)
    client.force_login(publisher)
    home = get_text(client, reverse("wagtailadmin_home"))
    assert "1 article cannot be built." in home
    assert "The block cannot be shown" in home
    report = get_text(client, reverse(FAILURES))
    assert "RuntimeError: The block cannot be shown" in report
    assert "This article cannot be built since" in get_text(client, get_history(page))


def test_nothing_is_said_while_everything_is_in_order(client, page, publisher, editor):
    assert build_panels(publisher) == []
    client.force_login(publisher)
    assert "Every article could be built." in get_text(client, reverse(FAILURES))


def test_the_alarm_is_for_publishers_of_the_article(page, editor, monkeypatch):
    break_document(page, monkeypatch)
    assert build_panels(editor) == []


def test_a_document_is_tried_again(client, page, publisher, editor, monkeypatch):
    break_document(page, monkeypatch)
    address = reverse("treatments_failures:retry")
    client.force_login(publisher)
    assert client.get(address).status_code == 405
    for given in ("x", "999999", "9" * 30):
        client.post(address, {"page": given})
        assert Document.objects.get(pk=page.pk).failed_at is not None
    client.force_login(editor)
    assert client.post(address).status_code == 302
    assert Document.objects.get(pk=page.pk).failed_at is not None
    client.force_login(publisher)
    answer = client.post(address, {"page": page.pk}, follow=True)
    assert "1 article was built." in answer.text
    document = Document.objects.get(pk=page.pk)
    assert (document.error, document.failed_at) == ("", None)


def test_what_still_fails_is_said(client, page, publisher, monkeypatch):
    break_document(page, monkeypatch)
    first = Document.objects.get(pk=page.pk).failed_at

    def fail(*args, **kwargs):
        raise RuntimeError("Again")

    monkeypatch.setattr(building, "load_documents", fail)
    client.force_login(publisher)
    answer = client.post(reverse("treatments_failures:retry"), follow=True)
    assert "1 article still cannot be built." in answer.text
    document = Document.objects.get(pk=page.pk)
    assert (document.error, document.failed_at) == ("RuntimeError: Again", first)
    assert retry([]) == []


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
