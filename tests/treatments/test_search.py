"""Search in the language of each article, with every backend that this database has."""

import logging

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.shared import share
from treatments.conf import find_setting_errors
from treatments.models import IndexedArticle
from treatments.search.backends import get_backend, wagtail_search
from treatments.search.backends.base import PortableBackend
from treatments.search.backends.postgresql import PostgresqlBackend
from treatments.search.backends.sqlite import SqliteBackend
from treatments.search.backends.wagtail_search import (
    WagtailBackend,
    get_alias,
    get_aliases,
)
from treatments.search.highlighting import highlight
from treatments.search.index.indexing import index_articles

PORTABLE = "treatments.search.backends.base.PortableBackend"
WAGTAIL = "treatments.search.backends.wagtail_search.WagtailBackend"
#: None is that of the database in use.
BACKENDS = [None, PORTABLE, WAGTAIL]

HOSTILE = [
    '"',
    "'; DROP TABLE treatments_search; --",
    'surgery" OR "x',
    "surgery AND",
    "NEAR(surgery liver, 5)",
    "title:surgery",
    "language : es",
    "surg*",
    "^surgery",
    "-surgery",
    "surgery & | ! <-> liver:*",
    "sur\x00gery",
    "\x00",
    "%s %(x)s {0} \\",
    "%",
    "_",
    "x" * 10_000,
    "é" * 5_000,
    "😀 🫀",
    "جراحة الكبد",
    "\u202esurgery\u202c",
    "ﷺ ½ ㎎ ﬁ",
    "\ud800",
    "a " * 5_000,
    "?!" * 100,
    "(" * 200,
    "\n\t surgery \r",
]


@pytest.fixture
def home(site):
    return site


@pytest.fixture
def spanish_index(home):
    factories.publish(
        home.index.copy_for_translation(factories.get_locale("es"), copy_parents=True)
    )
    spanish = home.index.get_translations().get()
    return spanish.specific


@pytest.fixture(params=BACKENDS)
def backend(request, settings):
    """Each backend in its turn."""
    settings.TREATMENTS = {**settings.TREATMENTS, "SEARCH_BACKEND": request.param}
    return get_backend()


@pytest.fixture
def database_backend(settings):
    """The backend that counts stems: those of SQLite and PostgreSQL."""
    backend = get_backend()
    if isinstance(backend, PortableBackend):
        pytest.skip("this database has no full-text search of its own here")
    return backend


def create(index, title, *, text="Plain text.", language="en", **kwargs):
    """Return the id of a published article."""
    body = [
        {
            "type": "section",
            "value": {
                "heading": kwargs.pop("heading", "Part"),
                "content": [{"type": "rich_text", "value": f"<p>{text}</p>"}],
            },
        }
    ]
    kwargs.setdefault("summary", "In short.")
    page = factories.create_article(
        index,
        title=title,
        body=body,
        locale=factories.get_locale(language),
        **kwargs,
    )
    return page.pk


def name(text):
    """Return the stream of other names with one name."""
    return [{"type": "name", "value": text}]


def test_a_word_is_found_by_its_other_forms(home, spanish_index, database_backend):
    english = create(home.index, "Two surgeries", text="Metastases were treated.")
    spanish = create(
        spanish_index, "Las cirugías", text="Operaciones del hígado.", language="es"
    )
    for words in ("surgery", "SURGERIES", "metastases treat", "treating"):
        assert database_backend.find(words, ["en"]) == [english], words
    for words in ("cirugía", "cirugia", "cirugías", "CIRUGIAS", "operación", "higado"):
        assert database_backend.find(words, ["es"]) == [spanish], words


def test_an_accent_too_many_finds_as_well(home, database_backend):
    page = create(home.index, "Cafe near the hospital")
    assert database_backend.find("café", ["en"]) == [page]


def test_words_with_signs_in_them_are_found(home, database_backend):
    page = create(home.index, "HER2/neu and 1.5 mg", text="A follow-up.")
    for words in ("her2", "neu", "HER2/neu", "1.5", "follow up", "follow-up"):
        assert database_backend.find(words, ["en"]) == [page], words


def test_each_language_is_searched_apart(home, spanish_index, backend):
    english = create(home.index, "Hospital guide")
    spanish = create(spanish_index, "Hospital y casa", language="es")
    assert backend.find("hospital", ["en"]) == [english]
    assert backend.find("hospital", ["es"]) == [spanish]
    assert set(backend.find("hospital", ["en", "es"])) == {english, spanish}
    assert backend.find("hospital", ["fr"]) == []
    assert backend.find("hospital", []) == []


def test_all_words_must_match_and_otherwise_any(home, backend):
    both = create(home.index, "Zirconium and titanium")
    first = create(home.index, "Zirconium alone")
    assert backend.find("zirconium titanium", ["en"]) == [both]
    assert backend.find("zirconium copper", ["en"]) == []
    assert set(backend.find("zirconium copper", ["en"], any_word=True)) == {both, first}
    assert backend.find("copper", ["en"]) == []


def test_words_may_stand_in_different_fields(home, backend):
    page = create(home.index, "Zirconium", text="Made with titanium.")
    create(home.index, "Zirconium two")
    if not isinstance(backend, WagtailBackend):
        assert backend.find("zirconium titanium", ["en"]) == [page]


def test_the_title_weighs_more_than_the_names_and_so_on(home, database_backend):
    text = create(home.index, "E", text="Zirconium is here, zirconium is there. " * 10)
    heading = create(home.index, "D", heading="About zirconium")
    summary = create(home.index, "C", summary="Of zirconium.")
    names = create(home.index, "B", also_known_as=name("Zirconium"))
    title = create(home.index, "Zirconium", text="Another text. " * 50)
    labels = {
        title: "title",
        names: "names",
        summary: "summary",
        heading: "heading",
        text: "text",
    }
    found = database_backend.find("zirconium", ["en"])
    assert [labels[pk] for pk in found] == list(labels.values())


def test_a_title_comes_first_with_every_backend(home, backend):
    for number in range(3):
        create(home.index, f"Other {number}", text="Some zirconium in the text.")
    title = create(home.index, "Zirconium")
    assert backend.find("zirconium", ["en"])[0] == title


def test_punctuation_finds_nothing(home, backend):
    create(home.index, "Surgery")
    for words in ("", "   ", "?!…", '"" () --', "😀", "\x00"):
        assert backend.find(words, ["en"]) == [], words


def create_found_by_every_backend(home_id):
    """Return the id of an article that every backend has indexed."""
    page = create(factories.load_site(home_id).index, "Surgery of the liver")
    for path in BACKENDS:
        with override_settings(
            TREATMENTS={**settings.TREATMENTS, "SEARCH_BACKEND": path}
        ):
            index_articles([page], rewrite=True)
    return page


shared_found_article = share(
    "shared_found_article", create_found_by_every_backend, on="shared_site"
)


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:30])
def test_hostile_queries_find_words_or_nothing(shared_found_article, backend, words):
    assert set(backend.find(words, ["en", "es"])) <= {shared_found_article}
    assert backend.find("surgery", ["en"]) == [shared_found_article]
    assert highlight("Surgery", words, "en") in (None, "<mark>Surgery</mark>")


def test_operators_are_words(home, database_backend):
    page = create(home.index, "Surgery or not")
    assert database_backend.find('"surgery" NOT liver*', ["en"], any_word=True) == [
        page
    ]
    assert database_backend.find("title:surgery", ["en"], any_word=True) == [page]


def test_a_hostile_language_code_finds_nothing(home, backend):
    create(home.index, "Surgery")
    assert backend.find("surgery", ['en" OR "es', "", "%s"]) == []


def test_a_search_is_one_query(home, database_backend):
    create(home.index, "Surgery")
    with CaptureQueriesContext(connection) as queries:
        database_backend.find("surgery", ["en", "es"])
    assert len(queries) == 1


def test_what_was_indexed_twice_is_found_once(home, backend):
    page = create(home.index, "Zirconium")
    index_articles([page], rewrite=True)
    assert backend.find("zirconium", ["en"]) == [page]


def test_what_was_removed_is_not_found(home, backend):
    page = create(home.index, "Zirconium")
    IndexedArticle.objects.get(pk=page).delete()
    assert backend.find("zirconium", ["en"]) == []
    backend.remove([page, 10**9])


def test_a_row_without_its_article_is_not_found(home, database_backend):
    locale = factories.get_locale()
    database_backend.index([IndexedArticle(pk=10**6, title="Zirconium", locale=locale)])
    assert database_backend.find("zirconium", ["en"]) == []


def test_the_database_has_its_own_backend(db):
    kinds = {"sqlite": SqliteBackend, "postgresql": PostgresqlBackend}
    assert type(get_backend()) is kinds.get(connection.vendor, PortableBackend)
    assert get_backend().is_ready()


@pytest.mark.needs_postgresql
def test_postgresql_uses_its_own_configurations(db):
    from treatments.search.backends.postgresql import CONFIGURATIONS

    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {row[0] for row in cursor.fetchall()}
    assert set(CONFIGURATIONS.values()) <= known


@pytest.mark.needs_postgresql
def test_postgresql_has_an_index_for_the_search(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'treatments_search'"
        )
        assert any("gin" in row[0] for row in cursor.fetchall())


def test_a_backend_must_be_one(settings):
    for path in ("nowhere.Backend", "treatments.conf.TreatmentsConf"):
        settings.TREATMENTS = {"SEARCH_BACKEND": path}
        with pytest.raises(ImproperlyConfigured, match="SEARCH_BACKEND"):
            get_backend()


def test_bad_search_settings_are_named():
    for bad in ("", "Backend", 3, ["a.b"]):
        assert "SEARCH_BACKEND" in find_setting_errors({"SEARCH_BACKEND": bad})[0]
    assert "ALIAS" in find_setting_errors({"SEARCH_BACKEND_ALIAS": ""})[0]
    assert find_setting_errors({"SEARCH_BACKEND": None}) == []
    assert find_setting_errors({"SEARCH_BACKEND": WAGTAIL}) == []


def test_a_language_can_have_a_wagtail_backend_of_its_own(settings):
    database = {"BACKEND": "wagtail.search.backends.database"}
    settings.TREATMENTS = {"SEARCH_BACKEND_ALIAS": "articles"}
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": database,
        "articles": database,
        "articles_es": database,
        "articles_pt_br": database,
    }
    assert [get_alias(code) for code in ("en", "es", "pt-BR")] == [
        "articles",
        "articles_es",
        "articles_pt_br",
    ]
    assert get_aliases() == ["articles", "articles_es"]
    assert WagtailBackend().is_ready()
    settings.TREATMENTS = {"SEARCH_BACKEND_ALIAS": "missing"}
    with pytest.raises(ImproperlyConfigured, match="missing"):
        WagtailBackend().find("surgery", ["en"])


def test_a_search_server_that_is_down_keeps_nobody_from_publishing(
    home, settings, caplog, monkeypatch
):
    class BrokenBackend:
        def add_bulk(self, model, entries):
            raise ConnectionError

        def delete(self, entry):
            raise ConnectionError

    settings.TREATMENTS = {"SEARCH_BACKEND": WAGTAIL}
    monkeypatch.setattr(
        wagtail_search, "get_search_backend", lambda alias: BrokenBackend()
    )
    with caplog.at_level(logging.ERROR):
        page = create(home.index, "Zirconium")
        IndexedArticle.objects.get(pk=page).delete()
    assert any("not indexed" in record.message for record in caplog.records)
    assert any("not removed" in record.message for record in caplog.records)


def test_wagtails_own_index_leaves_the_entries_alone(home, settings):
    create(home.index, "Zirconium")
    assert list(IndexedArticle.get_indexed_objects()) == []
    settings.TREATMENTS = {"SEARCH_BACKEND": WAGTAIL}
    assert IndexedArticle.get_indexed_objects().count() == 1
