"""Loading and removing the demonstration, with a few small files in place of the real ones."""

from collections import Counter
from copy import deepcopy
from io import StringIO

import pytest
import yaml
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry, Site
from wagtail_localize.models import StringTranslation

from home.demo import content, loader, pages
from home.demo.accounts import ACCOUNTS
from home.demo.content import DemoContentError
from home.demo.loader import load
from home.demo.removal import remove
from home.models import HomePage
from snippets.models import Contributor, GlossaryTerm, Promotion, Reference
from tests.factories import KEY_POINTS
from treatments.models import PublisherSettings, TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db

ENGLISH = {
    "glossary": {
        "biopsy": {
            "term": "biopsy",
            "definition": "<p>A small piece of tissue.</p>",
            "aliases": ["sample"],
        }
    },
    "conditions": {"cancer": {"name": "Cancer", "mesh_id": "D001943"}},
    "treatments": {"surgery": {"name": "Surgery", "schema_type": "SurgicalProcedure"}},
    "contributors": {
        "sample-author": {
            "name": "Sample Author",
            "affiliation": "Demonstration Hospital",
        }
    },
    "promotions": {
        "sidebar-en": {
            "title": "A notice",
            "placement": "sidebar",
            "image": "liver",
            "image_alt": "A liver",
        }
    },
    "pages": {
        "home": {
            "title": "Guide",
            "slug": "guide",
            "search_description": "A guide",
            "intro": "<p>Welcome.</p>",
            "featured": ["first"],
        },
        "index": {
            "title": "Treatments",
            "slug": "treatments",
            "search_description": "All of them",
            "intro": "<p>All.</p>",
        },
    },
    "site": {
        "organization": "Demonstration Hospital",
        "contact_email": "contact@example.org",
        "tagline": "Plain words",
        "disclaimer": "No advice",
        "emergency_note": "Call for help",
    },
}
SPANISH = {
    "glossary": {
        "biopsy": {
            "term": "biopsia",
            "definition": "<p>Un pedazo de tejido.</p>",
            "aliases": ["muestra"],
        }
    },
    "conditions": {"cancer": {"name": "Cáncer"}},
    "treatments": {"surgery": {"name": "Cirugía"}},
    "contributors": {"sample-author": {"affiliation": "Hospital de Demostración"}},
    "promotions": {"inline-es": {"title": "Un aviso", "placement": "inline"}},
    "pages": {
        "home": {
            "title": "Guía",
            "search_description": "Una guía",
            "intro": "<p>Bienvenida.</p>",
        },
        "index": {
            "title": "Tratamientos",
            "search_description": "Todos",
            "intro": "<p>Todos.</p>",
        },
    },
    "site": {
        "tagline": "Palabras claras",
        "disclaimer": "No es consejo",
        "emergency_note": "Pida ayuda",
    },
}
REFERENCES = {
    "sample-leaflet": {
        "type": "webpage",
        "title": "Sample reference: a leaflet",
        "is_sample": True,
    },
    "real": {"title": "A study", "authors": ["Khan SA", "et al"], "pmid": "37025581"},
}


def make_article(key: str, other: str, **texts: str) -> dict:
    """Return an article that leads to another one."""
    text = texts["text"].replace("OTHER", other)
    return {
        "key": key,
        "title": texts["title"],
        "summary": texts["summary"],
        "kind": "treatment",
        "intent": "",
        "audience": "patient",
        "treatment": "surgery",
        "conditions": ["cancer"],
        "authors": ["sample-author"],
        "body_site": "",
        "hero": {"image": "liver", "alt": texts["alt"]},
        "seo_title": "",
        "search_description": "",
        "intro": texts["intro"],
        "key_points": [texts["point"], texts["second_point"]],
        "related": [{"relation": "more", "page": other}],
        "body": [
            {
                "section": {
                    "heading": texts["heading"],
                    "content": [
                        {"rich_text": text},
                        {"related_article": {"page": other}},
                        {
                            "statistic": {
                                "value": 3,
                                "outcome": texts["outcome"],
                                "reference_class": texts["whom"],
                                "comparison": {"label": texts["others"], "value": 4},
                                "citations": ["real"],
                            }
                        },
                    ],
                }
            }
        ],
    }


def make_english(key: str, other: str) -> dict:
    """Return an article in English."""
    return make_article(
        key,
        other,
        title=f"The {key} article",
        summary="What it is about.",
        alt="A liver",
        intro="<p>An introduction.</p>",
        point="One point",
        second_point="Another point",
        heading="What it is",
        text=(
            "<p>A [[term:biopsy|biopsy]] shows it.[[ref:real]] Read [[page:OTHER|more]] at "
            '<a href="https://www.example.org/en">a site</a>.</p> <ul> <li>Yes</li> <li>No</li> </ul>'
        ),
        outcome="got better",
        whom="people",
        others="others",
    )


def make_spanish(key: str, other: str) -> dict:
    """Return the same article in Spanish, with its links in another order."""
    return make_article(
        key,
        other,
        title=f"El artículo {key}",
        summary="De qué trata.",
        alt="Un hígado",
        intro="<p>Una introducción.</p>",
        point="Un punto",
        second_point="Otro punto",
        heading="Qué es",
        text=(
            '<p>Lea [[page:OTHER|más]] en <a href="https://www.example.org/es">un sitio</a>. Lo muestra una '
            "[[term:biopsy|biopsia]].[[ref:real]]</p> <ul> <li>Sí</li> <li>No</li> </ul>"
        ),
        outcome="mejoraron",
        whom="personas",
        others="otras",
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Put a small demonstration in the place of the real one; return its folder."""
    monkeypatch.setattr(content, "FOLDER", tmp_path)

    def write(name, value):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")

    write("images.yaml", {"liver": {"title": "Liver", "drawing": "liver", "seed": 1}})
    write("references.yaml", REFERENCES)
    for language, files, make in (
        ("en", ENGLISH, make_english),
        ("es", SPANISH, make_spanish),
    ):
        for name, value in files.items():
            write(f"{language}/{name}.yaml", value)
        for key, other in (("first", "second"), ("second", "first")):
            write(f"{language}/articles/{key}.yaml", make(key, other))
    return tmp_path


def change(folder, name, edit):
    """Let ``edit`` change what a file of the small demonstration holds."""
    value = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    edit(value)
    (folder / name).write_text(
        yaml.safe_dump(value, allow_unicode=True), encoding="utf-8"
    )


def read_rows() -> dict[str, Counter]:
    """Return every row of every table."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                rows[model._meta.label] = Counter(map(repr, cursor.fetchall()))
    return rows


def count_rows() -> dict[str, int]:
    """Return how many rows each table has, without logs and search indexes."""
    left_out = (
        "wagtailcore.PageLogEntry",
        "wagtailsearch.",
        "modelsearch.",
        "contenttypes.",
        "auth.Permission",
    )
    return {
        label: rows.total()
        for label, rows in read_rows().items()
        if not label.startswith(left_out)
    }


def get_page(key: str, language: str):
    """Return a page of the demonstration."""
    return pages.find_page(key, Locale.objects.get(language_code=language))


def publish(page):
    """Save and publish a page like an editor."""
    page.save_revision().publish()
    page.refresh_from_db()


def make_own_article(parent, title="My own article", **fields) -> TreatmentPage:
    """Return an article that an editor wrote."""
    page = TreatmentPage(
        title=title, summary="Mine", key_points=deepcopy(KEY_POINTS), **fields
    )
    parent.add_child(instance=page)
    publish(page)
    return page


def test_loading_publishes_everything_in_both_languages(folder):
    loaded = load()
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


def test_blocks_and_links_stay_the_same_when_words_change_places(folder):
    load()
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


def test_loading_twice_changes_no_row(folder):
    load()
    before = read_rows()
    loaded = load()
    assert (loaded.objects, loaded.pages, loaded.translations) == (0, 0, 0)
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


def test_what_an_editor_changed_stays(folder):
    load()
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


def test_a_translation_is_not_made_of_a_page_that_was_edited(folder):
    load()
    page = get_page("first", "en")
    page.title = "Edited"
    publish(page)
    get_page("first", "es").delete()
    loaded = load()
    assert loaded.remarks == [
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


def test_the_site_learns_the_port_until_somebody_changes_its_address(folder):
    load(port=8001)
    site = Site.objects.get(is_default_site=True)
    assert site.port == 8001
    load(port=8002)
    site.refresh_from_db()
    assert site.port == 8002
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
    if name.startswith("es/articles"):
        assert get_page("first", "es") is None
        assert not StringTranslation.objects.filter(data="El artículo first").exists()


def test_removing_takes_away_exactly_what_was_loaded(
    folder, settings, django_capture_on_commit_callbacks
):
    settings.DEBUG = True
    call_command("create_editorial_groups", stdout=StringIO())
    before = count_rows()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo", "--with-accounts", stdout=StringIO())
    image = get_page("first", "en").hero_image.file
    storage, name = image.storage, image.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove().kept == []
    assert count_rows() == before
    assert not storage.exists(name)
    assert not PageLogEntry.objects.exclude(label__startswith="Welcome").exists()
    site = Site.objects.get()
    assert (site.root_page.title, site.port) == (
        "Welcome to your new Wagtail site!",
        80,
    )


def test_removing_and_loading_again_works(folder):
    load()
    remove()
    assert load().pages == 4


def test_removing_nothing_changes_nothing(folder):
    before = read_rows()
    removed = remove()
    assert (removed.pages, removed.objects, removed.kept) == (0, 0, [])
    assert read_rows() == before


def test_removing_keeps_what_content_of_others_needs(
    folder, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        load()
        treatment = get_page("first", "en").treatment
        own = make_own_article(get_page("index", "en"), treatment=treatment)
    removed = remove()
    own.refresh_from_db()
    assert own.treatment == treatment
    assert own.get_parent().specific == TreatmentIndexPage.objects.get(
        locale__language_code="en"
    )
    assert own.get_parent().get_parent().specific == HomePage.objects.get(
        locale__language_code="en"
    )
    assert Site.objects.get().root_page.specific == HomePage.objects.get(
        locale__language_code="en"
    )
    assert TreatmentPage.objects.get() == own
    assert not GlossaryTerm.objects.exists()
    assert set(removed.kept) == {"Guide", "Treatments", "Surgery"}


def test_removing_spares_objects_of_others(folder):
    load()
    own_term = GlossaryTerm.objects.create(
        term="Mine",
        definition="<p>Mine</p>",
        locale=Locale.objects.get(language_code="es"),
    )
    own_person = Contributor.objects.create(
        name="Me", locale=Locale.objects.get(language_code="en")
    )
    remove()
    assert GlossaryTerm.objects.get() == own_term
    assert Contributor.objects.get() == own_person
    assert Locale.objects.filter(language_code="es").exists()


def test_accounts_are_refused_on_a_public_server(folder, settings):
    settings.DEBUG = False
    before = read_rows()
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo", "--with-accounts", stdout=StringIO())
    assert read_rows() == before


def test_accounts_belong_to_their_groups_and_open_the_admin(folder, settings, client):
    settings.DEBUG = True
    output = StringIO()
    call_command("load_demo", "--with-accounts", stdout=output)
    for account in ACCOUNTS:
        user = get_user_model().objects.get(username=account.username)
        assert set(user.groups.values_list("name", flat=True)) == set(account.groups)
        assert client.login(username=account.username, password=account.password)
        assert user.has_perm("wagtailadmin.access_admin")
        assert f"{account.username:<12} {account.password}" in output.getvalue()


def test_an_account_of_somebody_else_is_not_changed(folder, settings):
    settings.DEBUG = True
    own = get_user_model().objects.create_user("editor", password="my own secret")  # noqa: S106
    output = StringIO()
    call_command("load_demo", "--with-accounts", stdout=output)
    own.refresh_from_db()
    assert own.check_password("my own secret")
    assert "demo-editor" not in output.getvalue()
    remove()
    assert get_user_model().objects.get() == own


def test_the_command_says_what_to_open(folder):
    output = StringIO()
    call_command("load_demo", "--port", "8123", stdout=output)
    for address in (
        "/en/",
        "/es/",
        "/admin/",
        "/api/v2/pages/?type=treatments.TreatmentPage&locale=es&fields=*",
        "/api/v3/docs/",
    ):
        assert f"http://127.0.0.1:8123{address}\n" in output.getvalue()
    again = StringIO()
    call_command("load_demo", "--port", "8123", stdout=again)
    assert "nothing was changed" in again.getvalue()
    removed = StringIO()
    call_command("load_demo", "--remove", stdout=removed)
    assert "Removed 8 pages" in removed.getvalue()
    assert not ModelLogEntry.objects.filter(data__has_key="demonstration").exists()
