"""The article index follows the live articles, whatever happens to them."""

import io
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail import blocks
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import Page, PageViewRestriction

from snippets.models import Condition, Treatment
from tests import factories
from treatments import states
from treatments.api.block_texts import get_plain_text, iterate_texts
from treatments.api.block_values import IMAGE_TEXTS
from treatments.api.indexing import (
    ensure_indexed,
    find_differences,
    index_all,
    index_articles,
)
from treatments.blocks.criteria import CriteriaListBlock
from treatments.blocks.text import RichTextBlock, ShortTextBlock
from treatments.models import (
    IndexedArticle,
    IndexedBlock,
    TreatmentPage,
    TreatmentPageCondition,
)
from treatments.search.backends import get_backend
from treatments.signals import article_states_changed

pytestmark = pytest.mark.django_db

SECTION_ID = uuid.UUID("11111111-1111-4111-8111-111111111111")
PARAGRAPH_ID = uuid.UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture
def index():
    return factories.create_site().index


def get_entry(page):
    """Return the entry of a page, or None."""
    return IndexedArticle.objects.filter(pk=page.pk).first()


def build_body(text, **section):
    """Return a body of one section with one paragraph."""
    value = {
        "heading": "Heading",
        "content": [
            {"type": "rich_text", "id": str(PARAGRAPH_ID), "value": f"<p>{text}</p>"}
        ],
        **section,
    }
    return [{"type": "section", "id": str(SECTION_ID), "value": value}]


def find_image_texts(value):
    """Yield the texts beside the images of raw JSON."""
    if isinstance(value, list):
        for child in value:
            yield from find_image_texts(child)
    elif isinstance(value, dict):
        if "image" in value:
            yield from (value[name] for name in IMAGE_TEXTS if value.get(name))
        for child in value.values():
            yield from find_image_texts(child)


def test_a_published_article_is_indexed_with_everything(index):
    targets = factories.create_targets(index)
    page, sampler = factories.create_full_article(index, targets, title="Everything")
    entry = get_entry(page)
    assert (entry.type, entry.title, entry.kind, entry.audience, entry.intent) == (
        "treatments.TreatmentPage",
        "Everything",
        "treatment",
        "patient",
        "palliative",
    )
    assert entry.translation_key == page.translation_key
    assert entry.treatment_key == page.treatment.translation_key
    assert entry.last_published_at == page.last_published_at
    assert entry.has_criteria
    assert entry.has_steps
    words = f"{entry.title} {entry.names} {entry.summary} {entry.headings} {entry.text}"
    # An image may lie in a private collection, so the words about it cannot be searched.
    about_images = {page.hero_image_alt, *find_image_texts(page.body.get_prep_value())}
    assert len(about_images) == 9
    left_out = [word for word in sampler.words if word not in words]
    assert set(left_out) == about_images
    assert {"Sample surgery", "Sample condition"} <= set(entry.names.splitlines())
    condition = page.article_conditions.get().condition
    assert [row.condition_key for row in entry.conditions.all()] == [
        condition.translation_key
    ]
    assert [row.reference_id for row in entry.citations.all()] == [targets["reference"]]
    assert entry.terms.count() == 1


def test_an_article_without_criteria_and_steps_says_so(index):
    entry = get_entry(factories.create_article(index))
    assert not entry.has_criteria
    assert not entry.has_steps
    assert entry.treatment_key is None
    assert (entry.review_status, entry.translation_status) == ("never_reviewed", "")


def test_sections_and_their_blocks_are_found_by_id(index):
    page = factories.create_article(index, body=build_body("Text", standalone=True))
    rows = IndexedBlock.objects.filter(article_id=page.pk).order_by("position")
    assert list(
        rows.values_list("block_id", "type", "section_id", "standalone", "position")
    ) == [
        (SECTION_ID, "section", None, True, 0),
        (PARAGRAPH_ID, "rich_text", SECTION_ID, True, 1),
    ]


def test_two_pages_with_the_same_block_ids_are_both_indexed(index):
    factories.create_article(index, title="One")
    factories.create_article(index, title="Two")
    assert IndexedBlock.objects.filter(block_id=SECTION_ID).count() == 2


def test_a_draft_leaves_the_index_alone(index):
    page = factories.create_article(index, title="Live", body=build_body("liveword"))
    page.title = "Draft"
    page.body = build_body("draftword")
    page.article_conditions.add(
        TreatmentPageCondition(condition=factories.create_condition())
    )
    page.save_revision()
    index_articles([page.pk])
    entry = get_entry(page)
    assert entry.title == "Live"
    assert "liveword" in entry.text
    assert "draftword" not in entry.text
    assert entry.conditions.count() == 0
    assert get_backend().find("draftword", ["en"]) == []


def test_an_article_that_was_never_published_has_no_entry(index):
    page = factories.create_article(index, live=False)
    index_articles([page.pk])
    assert get_entry(page) is None


def test_publishing_unpublishing_and_publishing_again(index):
    page = factories.create_article(index, title="Zirconium")
    assert get_backend().find("zirconium", ["en"]) == [page.pk]
    page.unpublish()
    assert get_entry(page) is None
    assert get_backend().find("zirconium", ["en"]) == []
    factories.publish(page)
    assert get_entry(page).title == "Zirconium"
    assert get_backend().find("zirconium", ["en"]) == [page.pk]


def test_unpublishing_by_the_base_class_is_noticed(index):
    page = factories.create_article(index)
    Page.objects.get(pk=page.pk).unpublish()
    assert get_entry(page) is None


def test_a_page_that_expires_leaves_the_index(index):
    page = factories.create_article(index)
    page.expire_at = timezone.now() + timedelta(hours=1)
    factories.publish(page)
    TreatmentPage.objects.filter(pk=page.pk).update(
        expire_at=timezone.now() - timedelta(hours=1)
    )
    call_command("publish_scheduled", stdout=io.StringIO())
    assert get_entry(page) is None


def test_a_deleted_article_leaves_the_index_and_the_search(index):
    page = factories.create_article(index, title="Zirconium")
    page.article_conditions.add(
        TreatmentPageCondition(condition=factories.create_condition())
    )
    factories.publish(page)
    pk = page.pk
    page.delete()
    assert not IndexedArticle.objects.filter(pk=pk).exists()
    assert not IndexedBlock.objects.filter(article_id=pk).exists()
    assert get_backend().find("zirconium", ["en"]) == []
    connection.check_constraints()


def test_articles_that_are_deleted_with_their_index_leave_nothing(index):
    targets = factories.create_targets(index)
    factories.create_full_article(index, targets)
    index.refresh_from_db()
    index.delete()
    assert not IndexedArticle.objects.exists()
    connection.check_constraints()


def test_an_alias_has_no_entry_until_it_becomes_a_page_of_its_own(index):
    page = factories.create_article(index)
    alias = page.create_alias(update_slug="alias")
    index_articles([alias.pk])
    assert get_entry(alias) is None
    own = Page.objects.get(pk=alias.pk).specific
    ConvertAliasPageAction(own, user=None).execute(skip_permission_checks=True)
    assert get_entry(alias).title == page.title


def test_conditions_are_right_at_once_after_publishing(index):
    page = factories.create_article(index)
    first, second = (
        factories.create_condition("First"),
        factories.create_condition("Second"),
    )
    page.article_conditions.add(TreatmentPageCondition(condition=first))
    page.article_conditions.add(TreatmentPageCondition(condition=second))
    page.save_revision().publish()
    entry = get_entry(page)
    assert set(entry.conditions.values_list("condition_key", flat=True)) == {
        first.translation_key,
        second.translation_key,
    }
    assert entry.names.splitlines() == ["First", "Second"]
    page.article_conditions = [TreatmentPageCondition(condition=second)]
    page.save_revision().publish()
    assert get_entry(page).names == "Second"


def test_a_condition_row_that_changes_alone_is_noticed(index):
    page = factories.create_article(index)
    row = TreatmentPageCondition.objects.create(
        page=page, condition=factories.create_condition("First")
    )
    assert get_entry(page).names == "First"
    row.condition = factories.create_condition("Second")
    row.save()
    assert get_entry(page).names == "Second"
    row.delete()
    assert get_entry(page).names == ""
    assert get_entry(page).conditions.count() == 0


def test_private_articles_keep_their_entry(index):
    page = factories.create_article(index)
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    assert find_differences() == {}
    assert get_entry(page) is not None


def test_an_update_of_bookkeeping_fields_costs_nothing(index):
    page = factories.create_article(index)
    page.draft_title = "Other"
    with CaptureQueriesContext(connection) as queries:
        page.save(update_fields=["draft_title"], clean=False)
    assert not [query for query in queries if "treatments_indexed" in query["sql"]]


def test_an_update_of_one_followed_field_is_noticed(index):
    page = factories.create_article(index)
    page.summary = "Another summary"
    page.save(update_fields=["summary"], clean=False)
    assert get_entry(page).summary == "Another summary"


def test_a_renamed_treatment_or_condition_renames_the_articles(index):
    treatment = Treatment.objects.create(
        name="Old", also_known_as="Older\n", locale=factories.get_locale()
    )
    page = factories.create_article(index, treatment=treatment)
    assert get_entry(page).names.splitlines() == ["Old", "Older"]
    treatment.name = "New"
    treatment.save()
    assert get_entry(page).names.splitlines() == ["New", "Older"]
    treatment.is_public = False
    treatment.save()
    assert get_entry(page).names == ""
    assert get_entry(page).treatment_key == treatment.translation_key


def test_names_are_those_of_the_language_of_the_article(index):
    condition = factories.create_condition("Liver metastases")
    page = factories.create_article(index)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(page)
    spanish = condition.copy_for_translation(factories.get_locale("es"))
    spanish.name = "Metástasis hepáticas"
    spanish.save()
    assert get_entry(page).names == "Liver metastases"
    IndexedArticle.objects.all().delete()
    TreatmentPage.objects.filter(pk=page.pk).update(locale=spanish.locale)
    ensure_indexed()
    assert get_entry(page).names == "Metástasis hepáticas"
    Condition.objects.get(pk=spanish.pk).delete()
    assert get_entry(page).names == "Liver metastases"


def test_a_vocabulary_entry_saved_without_a_new_name_indexes_nothing(index):
    treatment = Treatment.objects.create(name="Same", locale=factories.get_locale())
    factories.create_article(index, treatment=treatment)
    with CaptureQueriesContext(connection) as queries:
        treatment.save()
    assert not [query for query in queries if "treatments_indexed" in query["sql"]]


def test_a_deleted_reference_and_a_deleted_term_leave_the_index(index):
    reference, term = factories.create_reference(), factories.create_term()
    text = (
        f'A <a linktype="glossary-term" id="{term.pk}">word</a> and its source '
        f'<a linktype="citation" id="{reference.pk}">[Sample 2020]</a>.'
    )
    page = factories.create_article(index, body=build_body(text))
    entry = get_entry(page)
    assert "A word and its source ." in entry.text
    assert [row.term_key for row in entry.terms.all()] == [term.translation_key]
    term.delete()
    reference.delete()
    assert entry.terms.count() == entry.citations.count() == 0
    assert find_differences() == {}


def test_states_are_taken_from_their_providers(index, monkeypatch):
    page = factories.create_article(index)
    behind = datetime(2026, 5, 1, tzinfo=UTC)
    monkeypatch.setattr(
        states,
        "_review_provider",
        lambda ids: dict.fromkeys(
            ids,
            states.ReviewState(
                states.ReviewStatus.DUE_SOON, date(2026, 1, 2), date(2027, 1, 2)
            ),
        ),
    )
    monkeypatch.setattr(
        states,
        "_translation_provider",
        lambda ids: dict.fromkeys(
            ids,
            states.TranslationState(
                states.TranslationStatus.BEHIND_CLINICAL, "en", behind
            ),
        ),
    )
    article_states_changed.send(sender=None, page_ids=[page.pk])
    entry = get_entry(page)
    assert (entry.review_status, entry.last_reviewed, entry.next_review_due) == (
        "due_soon",
        date(2026, 1, 2),
        date(2027, 1, 2),
    )
    assert (entry.translation_status, entry.behind_since) == ("behind_clinical", behind)


def test_the_translations_of_a_changed_article_are_indexed_again(index, monkeypatch):
    page = factories.create_article(index)
    spanish_index = index.copy_for_translation(
        factories.get_locale("es"), copy_parents=True
    )
    factories.publish(spanish_index)
    spanish = factories.publish(page.copy_for_translation(factories.get_locale("es")))
    asked = []
    monkeypatch.setattr(
        states, "_review_provider", lambda ids: asked.append(set(ids)) or {}
    )
    factories.publish(page)
    assert {page.pk, spanish.pk} in asked
    assert (
        IndexedArticle.objects.filter(translation_key=page.translation_key).count() == 2
    )


def test_the_translations_of_a_deleted_article_are_indexed_again(
    index, monkeypatch, django_capture_on_commit_callbacks
):
    page = factories.create_article(index)
    spanish_index = index.copy_for_translation(
        factories.get_locale("es"), copy_parents=True
    )
    factories.publish(spanish_index)
    spanish = factories.publish(page.copy_for_translation(factories.get_locale("es")))
    asked = []
    monkeypatch.setattr(
        states, "_review_provider", lambda ids: asked.append(set(ids)) or {}
    )
    with django_capture_on_commit_callbacks(execute=True):
        page.delete()
    assert {spanish.pk} in asked


def test_ids_of_other_pages_and_of_none_are_ignored(index):
    page = factories.create_article(index)
    assert index_articles([index.pk, page.pk, page.pk, 10**9]) == 1
    assert index_articles([]) == 0


def test_indexing_costs_the_same_for_one_and_for_twenty_articles(index):
    condition = factories.create_condition()
    pages = []
    for number in range(20):
        page = factories.create_article(index, title=f"Article {number}")
        page.article_conditions.add(TreatmentPageCondition(condition=condition))
        pages.append(factories.publish(page).pk)
    counts = []
    for ids in (pages[:1], pages):
        for delete in (True, False):
            if delete:
                IndexedArticle.objects.all().delete()
            with CaptureQueriesContext(connection) as queries:
                assert index_articles(ids) == len(ids)
            counts.append(len(queries))
    one_new, one_known, twenty_new, twenty_known = counts
    assert (one_new, one_known) == (twenty_new, twenty_known)
    assert one_new <= 25
    assert one_known <= 20


def test_ensure_indexed_is_one_query_when_nothing_is_missing(index):
    factories.create_article(index)
    with CaptureQueriesContext(connection) as queries:
        assert ensure_indexed() == 0
    assert len(queries) == 1


def test_ensure_indexed_finds_what_was_published_without_a_signal(index):
    page = factories.create_article(index, title="Old")
    never_published = factories.create_article(index, live=False)
    TreatmentPage.objects.filter(pk=page.pk).update(
        title="New", last_published_at=timezone.now()
    )
    TreatmentPage.objects.filter(pk=never_published.pk).update(live=True)
    assert ensure_indexed() == 2
    assert get_entry(page).title == "New"
    assert get_entry(never_published).last_published_at is None
    assert ensure_indexed() == 0


def test_ensure_indexed_goes_on_where_it_stopped(index):
    for number in range(3):
        factories.create_article(index, title=f"Article {number}")
    IndexedArticle.objects.all().delete()
    assert [ensure_indexed(limit=2) for _ in range(3)] == [2, 1, 0]
    assert find_differences() == {}


def test_the_command_rebuilds_and_checks(index):
    page = factories.create_article(index, title="Zirconium", summary="A metal.")
    gone = factories.create_article(index, title="Gone")
    TreatmentPage.objects.filter(pk=page.pk).update(title="Titanium")
    TreatmentPage.objects.filter(pk=gone.pk).update(live=False)
    out = io.StringIO()
    with pytest.raises(CommandError, match="not up to date"):
        call_command("update_article_index", "--check", stdout=out)
    assert f"Page {page.pk}: title" in out.getvalue()
    assert f"Page {gone.pk}: superfluous" in out.getvalue()
    assert get_entry(page).title == "Zirconium"
    out = io.StringIO()
    call_command("update_article_index", stdout=out)
    assert "2 of 2 pages" in out.getvalue()
    assert "1 articles" in out.getvalue()
    call_command("update_article_index", "--check", stdout=io.StringIO())
    assert get_backend().find("titanium", ["en"]) == [page.pk]
    assert get_backend().find("zirconium", ["en"]) == []


def test_the_command_finds_an_empty_search(index):
    page = factories.create_article(index, title="Zirconium")
    get_backend().remove([page.pk])
    assert not get_backend().is_ready()
    with pytest.raises(CommandError):
        call_command("update_article_index", "--check", stdout=io.StringIO())
    index_all()
    assert get_backend().is_ready()
    assert get_backend().find("zirconium", ["en"]) == [page.pk]


def test_blocks_of_a_project_give_their_words_and_no_codes():
    class WardBlock(blocks.StructBlock):
        name = ShortTextBlock()
        kind = blocks.ChoiceBlock(choices=[("k", "Kindword")])
        site = blocks.URLBlock()
        floor = blocks.IntegerBlock()
        html = blocks.RawHTMLBlock()
        notes = RichTextBlock()
        quote = blocks.BlockQuoteBlock()
        tags = blocks.ListBlock(blocks.CharBlock())
        table = TypedTableBlock([("text", blocks.CharBlock())])
        criteria = CriteriaListBlock()

    raw = {
        "name": "Ward",
        "kind": "k",
        "site": "https://example.org/",
        "floor": 3,
        "html": "<b>markup</b>",
        "notes": "<p>One</p><p>Two</p>",
        "quote": "Quoted",
        "tags": ["first", {"type": "item", "id": "x", "value": "second"}],
        "table": {
            "columns": [{"type": "text", "heading": "Column"}],
            "rows": [{"values": ["Cell"]}],
            "caption": "",
        },
        "criteria": {"lead_in": "Some people", "code": {"code": "D1"}},
        "removed": "nothing",
    }
    assert [text for text in iterate_texts(WardBlock(), raw) if text] == [
        "Ward",
        "One\nTwo",
        "Quoted",
        "first",
        "second",
        "Column",
        "Cell",
        "Some people",
    ]


def test_rich_text_is_read_without_its_citations():
    source = '<p>A &amp; b<a linktype="citation" id="1">[X]</a>, <a href="/">c</a></p>'
    assert get_plain_text(source) == "A & b, c"
