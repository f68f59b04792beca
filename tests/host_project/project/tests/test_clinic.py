"""What the clinic expects of the plugin set that it has installed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pictures
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, connection, models
from django.db.migrations.state import ModelState
from django.utils import translation
from pictures.models import Leaflet, Picture
from PIL import Image as PillowImage
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Locale, Page
from wagtail.permissions import policy_registry
from wagtail_localize.models import StringSegment, StringTranslation

import cms
import home
import snippets
import treatments
from home.models import ClinicArticlePage
from snippets.models import GlossaryTerm, Promotion
from tests.conftest import block, create_article, publish
from treatments.models import TreatmentPage
from treatments.translation.services import publish_translation, submit_translation

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).parent.parent


def build_body(companion):
    link = f'<a linktype="page" id="{companion.pk}">read this</a>'
    ward = {
        "name": "Ward of surgery",
        "floor": 3,
        "directions": f"<p>Up, then {link}.</p>",
        "prepare": companion.pk,
    }
    callout = {
        "title": "Before you come",
        "content": "<p>Do not eat.</p>",
        "nurse": "Ask for Jo",
    }
    content = [block("ward", ward), block("callout", callout)]
    return [block("section", {"heading": "Where to go", "content": content})]


@pytest.fixture
def article(index):
    companion = create_article(index, "Companion")
    return create_article(
        index, phone="555 0100", body=build_body(companion), kind="procedure"
    )


def test_the_clinic_has_its_own_project_and_the_installed_plugins():
    for package in (cms, home, pictures):
        assert PROJECT in Path(package.__file__).parents
    for package in (treatments, snippets):
        assert "site-packages" in Path(package.__file__).parts
        assert PROJECT not in Path(package.__file__).parents


def test_no_migration_is_missing_anywhere():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_our_mixins_stay_out_of_the_migrations_of_the_clinic():
    bases = ModelState.from_model(ClinicArticlePage).bases
    assert bases == ("wagtailcore.page", models.Model)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_an_article_is_served_with_everything_expanded(client, article, version):
    page = client.get(f"/api/{version}/pages/{article.pk}/").json()
    assert page["title"] == "Surgery"
    assert page["summary"] == "About Surgery."
    assert page["kind"] == "procedure"
    assert page["phone"] == "555 0100"
    assert page["path"] == "/en/advice/surgery/"
    assert [entry["title"] for entry in page["toc"]] == ["Where to go"]
    ward, callout = page["body"][0]["value"]["content"]
    assert ward["type"] == "ward"
    assert ward["id"] == article.body[0].value["content"][0].id
    assert (ward["value"]["name"], ward["value"]["floor"]) == ("Ward of surgery", 3)
    assert 'href="/en/advice/companion/"' in ward["value"]["directions"]["html"]
    assert ward["value"]["directions"]["text"] == "Up, then read this."
    assert ward["value"]["prepare"]["title"] == "Companion"
    assert ward["value"]["prepare"]["path"] == "/en/advice/companion/"
    assert callout["value"]["nurse"] == "Ask for Jo"
    assert callout["value"]["content"]["text"] == "Do not eat."


def test_lists_give_the_same_at_a_constant_cost(
    client, index, article, django_assert_max_num_queries
):
    url = "/api/v2/pages/?type=home.ClinicArticlePage&fields=*&order=id"
    for number in range(10):
        body = build_body(article)
        create_article(index, f"More {number}", body=body)
    with django_assert_max_num_queries(40):
        answer = client.get(url).json()
    assert answer["meta"]["total_count"] == 12
    listed = next(item for item in answer["items"] if item["id"] == article.pk)
    single = client.get(f"/api/v2/pages/{article.pk}/").json()
    assert listed["body"] == single["body"]
    listed = client.get("/api/v3/pages/?type=home.ClinicArticlePage").json()
    assert {item["title"] for item in listed["items"]} >= {"Surgery", "Companion"}


def draw(model, name, **kwargs):
    buffer = io.BytesIO()
    PillowImage.new("RGB", (64, 40), "#336699").save(buffer, "PNG")
    file = ContentFile(buffer.getvalue(), name=f"{name}.png")
    return model.objects.create(title=name, file=file, **kwargs)


def find_files(value):
    """Yield the addresses of all image files and documents in an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from find_files(each)
    elif isinstance(value, str) and (value.startswith("/media/") or "_file" in value):
        yield value


# Pillow's files, which Wagtail leaves to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_pictures_and_files_are_those_of_the_clinic(client, index):
    # The same numbers name other things in the stock tables, which have their tables still.
    liver = draw(Picture, "liver")
    draw(Image, "cat", pk=liver.pk)
    leaflet = Leaflet.objects.create(
        title="Leaflet", file=ContentFile(b"x", name="leaflet_file.txt")
    )
    Document.objects.create(
        pk=leaflet.pk, title="Other", file=ContentFile(b"x", name="other_file.txt")
    )
    term = GlossaryTerm.objects.create(
        term="liver",
        definition="<p>An organ.</p>",
        image=liver,
        locale=index.locale,
    )
    promotion = Promotion(title="A talk", image=liver)
    promotion.locales = [index.locale]
    promotion.save()
    figure = {"image": liver.pk, "alt": "The liver"}
    text = (
        f'<p><a linktype="glossary-term" id="{term.pk}">liver</a> '
        f'<a linktype="document" id="{leaflet.pk}">leaflet</a></p>'
    )
    content = [block("figure", figure), block("rich_text", text)]
    page = create_article(
        index,
        hero_image=liver,
        hero_image_alt="The liver",
        body=[block("section", {"heading": "The liver", "content": content})],
    )
    for address in (
        f"/api/v2/pages/{page.pk}/",
        f"/api/v3/pages/{page.pk}/",
        f"/api/v3/articles/{page.pk}/",
    ):
        answer = client.get(address).json()
        shown = [
            answer["hero"],
            answer["glossary"][0]["image"],
            answer["promotions"][0]["image"],
            answer["body"][0]["value"]["content"][0]["value"]["image"],
        ]
        for image in shown:
            assert image["id"] == liver.pk
            assert image["renditions"]
        files = list(find_files(answer))
        assert any("liver" in file for file in files), files
        assert any("leaflet_file" in file for file in files), files
        assert not [file for file in files if "cat" in file or "other_file" in file]
    (listed,) = client.get("/api/v2/images/").json()["items"]
    assert listed["title"] == "liver"


@pytest.mark.parametrize(
    "model", [ClinicArticlePage, TreatmentPage, GlossaryTerm, Promotion]
)
def test_every_relation_leads_to_the_models_that_the_clinic_has_chosen(model):
    related = {field.related_model for field in model._meta.fields if field.is_relation}
    assert Picture in related
    assert not related & {Image, Document}


def test_the_database_holds_the_clinic_s_pictures_only(index):
    """The tables have the foreign keys of the models."""
    stock = draw(Image, "cat", pk=1000)
    Promotion.objects.create(title="A talk", image_id=stock.pk)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    Promotion.objects.all().delete()


def test_the_form_offers_the_pictures_of_the_clinic(admin_client, index):
    url = f"/admin/pages/add/home/clinicarticlepage/{index.pk}/"
    form = admin_client.get(url).context["form"]
    assert form.fields["hero_image"].queryset.model is Picture


def test_the_index_of_the_clinic_lists_its_articles(client, index, article):
    publish(index)
    page = client.get(f"/api/v2/pages/{index.pk}/").json()
    titles = [
        card["title"] for letter in page["entries"] for card in letter["articles"]
    ]
    assert titles == ["Companion", "Surgery"]


def test_a_page_is_found_by_its_path_in_both_apis(client, article):
    for version, fields in (("v2", "&fields=*"), ("v3", "")):
        answer = client.get(
            f"/api/{version}/pages/find/?html_path={article.url}{fields}", follow=True
        )
        assert answer.json()["id"] == article.pk


def test_a_search_finds_the_words_of_a_block_of_the_clinic(client, article):
    answer = client.get("/api/v2/pages/?search=ward").json()
    assert [item["title"] for item in answer["items"]] == ["Surgery"]


def test_a_draft_is_not_served(client, index):
    draft = create_article(index, "Secret", live=False)
    for version in ("v2", "v3"):
        assert client.get(f"/api/{version}/pages/{draft.pk}/").status_code == 404
        assert "Secret" not in client.get(f"/api/{version}/pages/").content.decode()
    answer = client.get("/api/v3/nothing/")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (
        404,
        "application/problem+json",
    )


def test_its_words_are_translated_and_its_codes_are_not(client, index, article):
    spanish = Locale.objects.get(language_code="es")
    companion = Page.objects.get(slug="companion").specific
    for page in (index.get_parent().specific, index, companion, article):
        (page_translation,) = submit_translation(page, [spanish])
        segments = StringSegment.objects.filter(source=page_translation.source)
        for segment in segments.select_related("string"):
            StringTranslation.objects.create(
                translation_of_id=segment.string_id,
                locale=spanish,
                context_id=segment.context_id,
                data=f"ES {segment.string.data}",
            )
        target = publish_translation(page_translation)
    sent = {segment.string.data for segment in segments}
    assert {"Ward of surgery", "Ask for Jo", "Where to go"} <= sent
    assert "555 0100" not in sent
    page = client.get(f"/api/v2/pages/{target.pk}/").json()
    assert page["path"] == "/es/advice/surgery/"
    assert page["phone"] == "555 0100"
    ward, callout = page["body"][0]["value"]["content"]
    assert ward["value"]["name"] == "ES Ward of surgery"
    assert ward["value"]["prepare"]["title"] == "ES Companion"
    assert 'href="/es/advice/companion/"' in ward["value"]["directions"]["html"]
    assert callout["value"]["nurse"] == "ES Ask for Jo"
    assert [entry["locale"] for entry in page["translations"]] == ["en"]
    assert "/en/" not in json.dumps(page["body"])


def test_the_admin_of_the_clinic_works(admin_client, index, article):
    for path in (
        "/admin/",
        f"/admin/pages/{article.pk}/edit/",
        f"/admin/pages/add/home/clinicarticlepage/{index.pk}/",
        "/admin/treatments/articles/",
    ):
        assert admin_client.get(path).status_code == 200, path
    form = admin_client.get(f"/admin/pages/{article.pk}/edit/").content.decode()
    assert "Ward of surgery" in form
    assert "Procedure steps" in form


def test_templates_static_files_and_words_are_in_the_wheel(client, article):
    assert "Surgery" in client.get(article.url).content.decode()
    assert article.make_preview_request().status_code == 200
    for name in (
        "treatments/css/block-preview.css",
        "treatment_snippets/js/rich-text-entities.js",
    ):
        found = finders.find(name)
        assert found
        assert "site-packages" in Path(found).parts
    with translation.override("es"):
        label = ClinicArticlePage._meta.get_field("key_points").verbose_name
        assert str(label) == "puntos clave"


def test_pages_lead_to_the_frontend_of_the_clinic(client, settings, article):
    settings.TREATMENTS = {"FRONTEND_URL": "https://clinic.example.org"}
    answer = client.get(article.url)
    assert answer.status_code == 302
    assert answer["Location"] == "https://clinic.example.org/en/advice/surgery/"


def test_the_groups_are_created(index):
    call_command("create_editorial_groups", verbosity=0)
    call_command("create_editorial_groups", verbosity=0)
    author = get_user_model().objects.create_user("editor", is_staff=True)
    author.groups.add(Group.objects.get(name="Treatment editors"))
    for model in (Picture, Leaflet):
        policy = policy_registry.get_by_type(model)
        assert policy.user_has_permission(author, "add")
