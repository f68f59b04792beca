"""The reference content in the admin: listings, search, filters, exports, choosers."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.icons import get_icons
from wagtail.admin.menu import admin_menu
from wagtail.snippets.models import get_snippet_models
from wagtail.users.models import UserProfile

from snippets.choosers import REFERENCE_SEARCH
from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from snippets.search import find_by_words
from snippets.viewsets import ReferenceViewSet
from tests import factories

pytestmark = pytest.mark.django_db
SNIPPETS: list[Any] = [GlossaryTerm, Reference, Contributor, Promotion]
VOCABULARIES = [Condition, Treatment]


def get_list_url(model):
    if model in VOCABULARIES:
        return reverse(f"treatment_snippets_{model._meta.model_name}_modeladmin_index")
    return reverse(model.snippet_viewset.get_url_name("list"))


def create_instance(model):
    return {
        GlossaryTerm: factories.create_term,
        Reference: factories.create_reference,
        Contributor: lambda: Contributor.objects.create(
            name="Sample Author", locale=factories.get_locale()
        ),
        Promotion: lambda: Promotion.objects.create(title="Sample notice"),
        Condition: lambda: Condition.objects.create(
            name="Sample condition", locale=factories.get_locale()
        ),
        Treatment: lambda: Treatment.objects.create(
            name="Sample surgery", locale=factories.get_locale()
        ),
    }[model]()


@pytest.fixture
def khan():
    return factories.create_reference(
        "Early local therapy",
        authors="Khan SA\nZhao F",
        pmid="34977983",
        doi="10.1200/JCO.21.02006",
    )


@pytest.fixture
def fine():
    return factories.create_reference(
        "Cryoablation of small tumors",
        authors="Fine RE",
        pmid="37025581",
        status="corrected",
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("model", [*SNIPPETS, *VOCABULARIES])
def test_listing_and_forms_open(admin_client, admin_user, model, language):
    UserProfile.objects.create(user=admin_user, preferred_language=language)
    instance = create_instance(model)
    response = admin_client.get(get_list_url(model))
    assert response.status_code == 200
    assert f'lang="{language}"' in response.text
    if model in VOCABULARIES:
        prefix = f"treatment_snippets_{model._meta.model_name}_modeladmin_"
        urls = [
            reverse(f"{prefix}create"),
            reverse(f"{prefix}edit", args=[instance.pk]),
            reverse(f"{prefix}inspect", args=[instance.pk]),
        ]
    else:
        viewset = model.snippet_viewset
        urls = [reverse(viewset.get_url_name("add"))]
        urls += [
            reverse(viewset.get_url_name(name), args=[instance.pk])
            for name in ("edit", "usage", "history", "copy")
        ]
    for url in urls:
        assert admin_client.get(url).status_code == 200, url


def test_no_snippet_is_left_under_snippets(admin_client, rf, admin_user):
    assert admin_client.get(reverse("wagtailadmin_home")).status_code == 200
    request = rf.get("/")
    request.user = admin_user
    names = [item.name for item in admin_menu.menu_items_for_request(request)]
    assert "treatments" in names
    assert "snippets" not in names
    assert set(SNIPPETS) <= set(get_snippet_models())


@pytest.mark.parametrize(
    "text",
    [
        "34977983",
        "3497",
        "PMID: 34977983",
        "10.1200/JCO.21.02006",
        "https://doi.org/10.1200/JCO.21.02006",
        "doi:10.1200/jco.21.02006",
        "khan early",
        "zhao",
    ],
)
def test_reference_is_found_by_identifier_author_and_title(
    admin_client, khan, fine, text
):
    response = admin_client.get(get_list_url(Reference), {"q": text})
    assert list(response.context["object_list"]) == [khan]


def test_search_for_nothing_but_a_prefix_finds_nothing(khan):
    assert not find_by_words(
        Reference.objects.all(), "https://doi.org/", REFERENCE_SEARCH
    )


def test_references_are_filtered_by_standing(admin_client, khan, fine):
    response = admin_client.get(get_list_url(Reference), {"status": "corrected"})
    assert list(response.context["object_list"]) == [fine]


def test_glossary_is_filtered_by_language_and_found_by_another_name(admin_client):
    english = factories.create_term("metastasis", aliases="spread\nsecondary tumor")
    spanish = factories.create_term("metástasis", locale="es")
    url = get_list_url(GlossaryTerm)
    assert list(admin_client.get(url, {"locale": "es"}).context["object_list"]) == [
        spanish
    ]
    assert list(admin_client.get(url, {"q": "secondary"}).context["object_list"]) == [
        english
    ]


def test_conditions_are_listed_by_language_and_found_by_code(admin_client):
    Condition.objects.create(
        name="Breast cancer", mesh_id="D001943", locale=factories.get_locale()
    )
    Condition.objects.create(name="Cáncer de mama", locale=factories.get_locale("es"))
    url = get_list_url(Condition)
    assert "Cáncer" not in admin_client.get(url).text
    assert "Cáncer" in admin_client.get(url, {"locale": "es"}).text
    assert "Breast cancer" in admin_client.get(url, {"q": "D0019"}).text
    assert "Breast cancer" not in admin_client.get(url, {"q": "D0020"}).text


@pytest.mark.parametrize("model", [*SNIPPETS, *VOCABULARIES])
def test_listing_is_exported(admin_client, model):
    create_instance(model)
    csv = admin_client.get(get_list_url(model), {"export": "csv"}).getvalue().decode()
    assert "sample" in csv.lower() or "metastasis" in csv
    xlsx = admin_client.get(get_list_url(model), {"export": "xlsx"})
    assert load_workbook(io.BytesIO(xlsx.getvalue())).active.max_row == 2


def open_chooser(admin_client, namespace, **parameters):
    response = admin_client.get(reverse(f"{namespace}:choose"), parameters)
    assert response.status_code == 200
    return response.json()["html"]


def choose(admin_client, namespace, instance):
    response = admin_client.get(reverse(f"{namespace}:chosen", args=[instance.pk]))
    return response.json()["result"]


def test_term_chooser_starts_in_the_language_of_the_article(admin_client):
    term = factories.create_term("metastasis")
    factories.create_term("metástasis", locale="es")
    namespace = "wagtailsnippetchoosers_treatment_snippets_glossaryterm"
    html = open_chooser(admin_client, namespace, locale="es")
    assert "metástasis" in html
    assert "metastasis" not in html
    assert "metastasis" in open_chooser(admin_client, namespace, q="metas", locale="en")
    assert choose(admin_client, namespace, term)["term"] == "metastasis"


def test_reference_chooser_finds_by_identifier_and_gives_the_label(
    admin_client, khan, fine
):
    namespace = "wagtailsnippetchoosers_treatment_snippets_reference"
    html = open_chooser(admin_client, namespace, q="34977983")
    assert "Early local therapy" in html
    assert "Cryoablation" not in html
    assert choose(admin_client, namespace, khan)["short_label"] == "Khan 2020"


@pytest.mark.parametrize(
    ("namespace", "model"),
    [
        ("treatment_condition_chooser", Condition),
        ("treatment_treatment_chooser", Treatment),
    ],
)
def test_vocabulary_chooser_knows_languages_and_search(admin_client, namespace, model):
    english = model.objects.create(name="Breast example", locale=factories.get_locale())
    model.objects.create(name="Mama ejemplo", locale=factories.get_locale("es"))
    html = open_chooser(admin_client, namespace, locale="es")
    assert "Mama ejemplo" in html
    assert "Breast example" not in html
    assert "Breast example" in open_chooser(admin_client, namespace, q="Bre")
    assert choose(admin_client, namespace, english)["title"] == "Breast example"


def test_every_icon_of_the_listings_exists():
    sprite = get_icons()
    for model in SNIPPETS:
        assert f'id="icon-{model.snippet_viewset.icon}"' in sprite
    for name in ("treatment-condition", "treatment-pill", "treatment-kit"):
        assert f'id="icon-{name}"' in sprite


def test_malformed_identifier_is_refused_in_the_form(admin_client):
    url = reverse(ReferenceViewSet().get_url_name("add"))
    response = admin_client.post(
        url,
        {
            "type": "article-journal",
            "title": "A trial",
            "status": "current",
            "pmid": "PMID x",
            "doi": "doi:10.1/x",
        },
    )
    assert set(response.context["form"].errors) == {"pmid", "doi"}
    assert not Reference.objects.exists()
