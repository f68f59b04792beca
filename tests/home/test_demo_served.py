"""The real demonstration, all of it: it loads, stays as it is, and is right in both languages."""

import json
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.test import override_settings
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from home.demo.content import list_article_keys, read_article
from home.demo.loader import load
from snippets.models import GlossaryTerm, Reference
from tests.schema_org.documents import SITE, get_page
from tests.schema_org.linter import find_problems
from tests.shared import share
from treatments.comparison.documents import compare
from treatments.content.documents import load_documents
from treatments.content.representation import represent_pages
from treatments.exports.schema_org import build_json_ld
from treatments.models import TreatmentPage

LANGUAGES = ("en", "es")


def load_everything() -> str:
    """Load the demonstration; return what the command says."""
    output = StringIO()
    # The indexes for search and usage are not looked at here.
    backend = django_settings.WAGTAILSEARCH_BACKENDS["default"]
    with (
        override_settings(
            WAGTAILSEARCH_BACKENDS={"default": {**backend, "AUTO_UPDATE": False}}
        ),
        disable_reference_index_auto_update(),
    ):
        call_command("load_demo", stdout=output)
    return output.getvalue()


shared_demo = share("shared_demo", load_everything)


@pytest.fixture
def demo(shared_demo, settings):
    """Load the demonstration; return what the command says."""
    # Tiny pictures: to make the real ones takes longer than all the rest of the answers.
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "IMAGE_RENDITIONS": {"small": "max-32x32"},
    }
    return shared_demo


def find_failures(page: Page) -> list[str]:
    """Return the stream fields of a page that an editor could not save."""
    failures = []
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            cleaned = field.stream_block.clean(getattr(page, field.name))
            if len(cleaned) != len(getattr(page, field.name)):
                failures.append(field.name)
    return failures


def count_differences_of_articles_from_themselves() -> int:
    """Return how many differences there are between every article and a copy of it."""
    ids = TreatmentPage.objects.live().values_list("pk", flat=True)
    texts = [
        json.dumps(document, cls=DjangoJSONEncoder)
        for document in load_documents(ids).values()
    ]
    assert compare(json.loads(texts[0]), json.loads(texts[1]))
    return sum(len(compare(json.loads(text), json.loads(text))) for text in texts)


@pytest.mark.django_db
def test_the_whole_demonstration_loads_and_is_served(demo, client):
    assert "Added 10 pages" in demo
    keys = list_article_keys()
    for language in LANGUAGES:
        articles = TreatmentPage.objects.live().filter(locale__language_code=language)
        assert sorted(articles.values_list("slug", flat=True)) == keys
        for article in articles:
            article.full_clean()
            assert find_failures(article) == []
            assert article.title == read_article(article.slug, language)["title"]
            assert (
                client.get(f"/{language}/treatments/{article.slug}/").status_code == 200
            )
        answer = client.get(
            f"/api/v2/pages/?type=treatments.TreatmentPage&locale={language}&fields=*"
        ).json()
        assert answer["meta"]["total_count"] == len(keys)
        for item in answer["items"]:
            assert item["references"] or "[[ref:" not in str(
                read_article(item["meta"]["slug"], language)
            )
            (other,) = item["translations"]
            assert other["path"].startswith(
                f"/{'es' if language == 'en' else 'en'}/treatments/"
            )
        terms = client.get(f"/api/v2/glossary/?locale={language}&limit=100").json()
        assert terms["meta"]["total_count"] >= 20
        for path in (f"/{language}/", f"/{language}/treatments/"):
            assert client.get(path).status_code == 200
    assert count_differences_of_articles_from_themselves() == 0
    assert Reference.objects.filter(live=True).count() >= 8
    assert not GlossaryTerm.objects.filter(live=False).exists()
    again = load()
    assert (again.objects, again.pages, again.translations, again.remarks) == (
        0,
        0,
        0,
        [],
    )


@pytest.mark.django_db
def test_the_json_ld_of_the_demonstration_is_right_in_both_languages(demo):
    pages = list(TreatmentPage.objects.live().select_related("locale"))
    articles = represent_pages(pages)
    documents = [
        build_json_ld(
            {
                **articles[page.pk],
                "id": page.pk,
                "title": page.title,
                "locale": page.locale.language_code,
                "translation": {"source_locale": "en"},
            },
            SITE,
        )
        for page in pages
    ]
    assert len(documents) >= 16
    for document in documents:
        others = [other for other in documents if other is not document]
        assert find_problems(document, *others) == []
        page = get_page(document)
        assert ("workTranslation" in page) == (page["inLanguage"] == "en")
        assert "Sample reference" not in json.dumps(document)
