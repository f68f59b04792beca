"""Loading the demonstration: complete, once, and without touching what others made."""

from __future__ import annotations

import pytest
from django.db import transaction
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.search.backends import get_search_backend
from wagtail_localize.models import StringTranslation

from home.demo import loader, pages
from home.demo.content import DemoContentError
from home.demo.loader import load
from home.demo.removal import remove
from snippets.models import GlossaryTerm, Promotion, Reference
from tests.factories import publish
from tests.home.small_demo import change, get_page, read_rows
from treatments.models import PublisherSettings

pytestmark = pytest.mark.django_db


def test_loading_publishes_everything_in_both_languages(loaded):
    assert (loaded.pages, loaded.translations, loaded.remarks) == (4, 8, [])
    for key in ("home", "index", "first", "second"):
        for language in ("en", "es"):
            assert get_page(key, language).live
    assert get_page("first", "es").title == "El artículo first"
    assert get_page("first", "es").slug == get_page("first", "en").slug == "first"
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == get_page("home", "en")
    assert (
        site.root_page.get_translation(Locale.objects.get(language_code="es")).title
        == "Guía"
    )
    assert not Page.objects.filter(title="Welcome to your new Wagtail site!").exists()
    assert PublisherSettings.for_site(site).organization == "Demonstration Hospital"
    assert {each.locales.get().language_code for each in Promotion.objects.all()} == {
        "en",
        "es",
    }


def test_blocks_and_links_stay_the_same_when_words_change_places(loaded):
    term, reference = (
        GlossaryTerm.objects.get(locale__language_code="en"),
        Reference.objects.get(pmid="37025581"),
    )
    section, english = (get_page("first", code).body[0] for code in ("es", "en"))
    assert section.id == english.id
    children, english_children = section.value["content"], english.value["content"]
    assert [each.id for each in children] == [each.id for each in english_children]
    assert children[0].value.source == (
        f'<p>Lea <a id="{get_page("second", "en").pk}" linktype="page">más</a> en '
        '<a href="https://www.example.org/es">un sitio</a>. Lo muestra una '
        f'<a id="{term.pk}" linktype="glossary-term">biopsia</a>.'
        f'<a id="{reference.pk}" linktype="citation">[Khan]</a></p><ul><li>Sí</li><li>No</li></ul>'
    )


def test_loading_twice_changes_no_row(loaded):
    before = read_rows()
    again = load()
    assert (again.objects, again.pages, again.translations) == (0, 0, 0)
    assert read_rows() == before


@pytest.mark.parametrize(
    ("module", "name", "calls"),
    [
        (pages, "add_page", 2),
        (pages, "finish", 1),
        (loader, "translate", 3),
        (loader, "translate", 6),
        (loader, "load_promotions", 0),
    ],
)
def test_an_interrupted_run_is_completed_by_the_next(
    folder, monkeypatch, module, name, calls
):
    real, done = getattr(module, name), []

    def stop(*args, **kwargs):
        if len(done) == calls:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, stop)
        with pytest.raises(KeyboardInterrupt):
            load()
    load()
    for key in ("home", "index", "first", "second"):
        for language in ("en", "es"):
            page = get_page(key, language)
            assert page.live
            assert not page.has_unpublished_changes
    assert get_page("home", "en").featured_articles.count() == 1
    assert Promotion.objects.count() == 2
    before = read_rows()
    load()
    assert read_rows() == before


def test_what_an_editor_changed_stays(loaded):
    page, term = (
        get_page("first", "en"),
        GlossaryTerm.objects.get(locale__language_code="en"),
    )
    page.title = "Edited"
    publish(page)
    get_page("second", "es").unpublish()
    term.term = "Edited term"
    term.save_revision().publish()
    before = read_rows()
    load()
    assert read_rows() == before


def test_a_translation_is_not_made_of_a_page_that_was_edited(loaded):
    page = get_page("first", "en")
    page.title = "Edited"
    publish(page)
    get_page("first", "es").delete()
    assert load().remarks == [
        "“Edited” was edited, so its missing translation is left to the translators."
    ]
    assert get_page("first", "es") is None


def test_a_site_with_a_root_page_of_its_own_keeps_it(folder):
    site = Site.objects.get(is_default_site=True)
    own = Page(title="My own home")
    Page.get_first_root_node().add_child(instance=own)
    site.root_page = own
    site.save()
    loaded = load()
    site.refresh_from_db()
    assert site.root_page_id == own.pk
    assert len(loaded.remarks) == 1
    assert "My own home" in loaded.remarks[0]


def test_a_welcome_page_that_somebody_changed_stays(folder):
    welcome = Site.objects.get(is_default_site=True).root_page
    welcome.title = "Hello"
    publish(welcome)
    load()
    assert Page.objects.filter(pk=welcome.pk).exists()
    assert Site.objects.get(is_default_site=True).root_page_id == welcome.pk


def test_the_site_learns_the_port_until_somebody_changes_its_address(loaded):
    site = Site.objects.get(is_default_site=True)
    assert site.port == 8000
    for port in (8001, 8002):
        load(port=port)
        site.refresh_from_db()
        assert site.port == port
    site.hostname, site.port = "www.example.org", 443
    site.save()
    load(port=8003)
    site.refresh_from_db()
    assert (site.hostname, site.port) == ("www.example.org", 443)


def test_a_reference_and_a_term_of_somebody_else_are_left_alone(folder):
    own = Reference(title="My own entry", pmid="37025581")
    own.save()
    own_term = GlossaryTerm(
        term="Biopsy",
        definition="<p>Mine</p>",
        locale=Locale.objects.get(language_code="en"),
    )
    own_term.save()
    load()
    assert Reference.objects.filter(pmid="37025581").get() == own
    section = get_page("first", "en").body[0].value
    assert (
        f'<a linktype="citation" id="{own.pk}">' in section["content"][0].value.source
    )
    assert GlossaryTerm.objects.filter(locale__language_code="en").count() == 2
    remove()
    assert Reference.objects.get() == own
    assert GlossaryTerm.objects.get() == own_term


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        (
            "en/articles/first.yaml",
            lambda article: article["body"][0]["section"]["content"][2][
                "statistic"
            ].update(value=300),
            r"en/articles/first.yaml: body/0/content/2/value: 300 of 100 cannot be",
        ),
        (
            "en/articles/first.yaml",
            lambda article: article["body"][0]["section"]["content"].append(
                {"riddle": {}}
            ),
            r"en/articles/first.yaml: body/0:section/content/3 has no block type 'riddle'",
        ),
        (
            "en/articles/first.yaml",
            lambda article: article.update(intro="<p>[[term:unknown|word]]</p>"),
            r"en/articles/first.yaml: intro: there is no term 'unknown'",
        ),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(folder, name, edit, message):
    change(folder, name, edit)
    with pytest.raises(DemoContentError, match=message):
        load()


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        (
            "es/articles/first.yaml",
            lambda article: article["body"][0]["section"]["content"].pop(),
            r"es/articles/first.yaml: body/0:section/content/2:statistic/outcome is missing",
        ),
        (
            "es/articles/first.yaml",
            lambda article: article["body"][0]["section"]["content"][0].update(
                rich_text="<p>Sin lista</p>"
            ),
            r"es/articles/first.yaml: body/0:section/content/0:rich_text has other paragraphs",
        ),
        (
            "es/articles/first.yaml",
            lambda article: article["body"][0]["section"]["content"][0].update(
                rich_text="<p>Sin enlaces</p><ul><li>Sí</li><li>No</li></ul>"
            ),
            r"es/articles/first.yaml: body/0:section/content/0:rich_text has 0 links; the source has 4",
        ),
        (
            "es/glossary.yaml",
            lambda terms: terms["biopsy"].pop("aliases"),
            r"es/glossary.yaml: biopsy: aliases is missing",
        ),
    ],
)
def test_a_mistake_in_a_translation_is_named_with_its_place(
    english, name, edit, message
):
    change(english, name, edit)
    with pytest.raises(DemoContentError, match=message):
        load()
    assert get_page("first", "es") is None
    assert not StringTranslation.objects.filter(data="El artículo first").exists()


def read_references(instance):
    """Return what the index says that an object leads to."""
    references = ReferenceIndex.get_references_for_object(instance)
    return set(references.values_list("to_object_id", "content_path"))


def test_everything_is_in_the_indexes_and_later_saves_update_them(loaded):
    for language, title in (("en", "The first article"), ("es", "El artículo first")):
        page = get_page("first", language)
        before = read_references(page)
        assert before
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(page)
        assert read_references(page) == before
        assert page.page_ptr in list(Page.objects.search(title))
    term = GlossaryTerm.objects.get(locale__language_code="en")
    term.definition = f'<p>Read <a linktype="page" id="{page.pk}">this</a>.</p>'
    term.term = "cryoablation"
    term.save()
    assert (str(page.pk), "definition") in {
        (pk, path.split(".")[0]) for pk, path in read_references(term)
    }
    assert list(get_search_backend().search("cryoablation", GlossaryTerm)) == [term]
