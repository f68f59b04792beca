"""Anchors are given once and kept: a link to a section leads to that section for good."""

from __future__ import annotations

import uuid
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests import factories
from tests.treatments.api_calls import ARTICLES, get_json
from treatments.content.representation import represent_page
from treatments.models import PublishedBlock, TreatmentPage
from treatments.models.anchors import GivenAnchors, choose_anchors
from treatments.models.triggers import lift_guards

pytestmark = pytest.mark.django_db


def build_sections(*headings, ids=()):
    """Return a body with a section for each heading, with the given ids or new ones."""
    return [
        {
            "type": "section",
            "id": ids[index] if index < len(ids) else str(uuid.uuid4()),
            "value": {
                "heading": heading,
                "content": [
                    {"type": "rich_text", "id": str(uuid.uuid4()), "value": "<p>x</p>"}
                ],
            },
        }
        for index, heading in enumerate(headings)
    ]


def publish(page, body):
    """Publish another body of an article."""
    page = TreatmentPage.objects.get(pk=page.pk)
    page.body = body
    return factories.publish(page)


def read_anchors(client, page):
    """Return heading → anchor as readers get them; of equal headings all."""
    toc = get_json(client, f"{ARTICLES}/{page.pk}/")["toc"]
    return [(entry["title"], entry["anchor"]) for entry in toc]


def test_an_anchor_stays_with_its_section_when_the_heading_changes(client, site):
    body = build_sections("Risks", "Risks", "Costs")
    page = factories.create_article(site.index, body=body)
    assert read_anchors(client, page) == [
        ("Risks", "risks"), ("Risks", "risks-2"), ("Costs", "costs"),
    ]  # fmt: skip
    body[0]["value"]["heading"] = "Dangers"
    page = publish(page, [body[2], body[1], body[0]])
    assert read_anchors(client, page) == [
        ("Costs", "costs"), ("Risks", "risks-2"), ("Dangers", "risks"),
    ]  # fmt: skip
    links = get_json(client, f"{ARTICLES}/{page.pk}/")["json_ld"]
    assert "#risks-2" in str(links)


def test_an_anchor_is_never_given_again(client, site):
    page = factories.create_article(site.index, body=build_sections("Risks", "Costs"))
    page = publish(page, build_sections("Costs"))
    assert read_anchors(client, page) == [("Costs", "costs-2")]
    page.unpublish()
    page = publish(page, build_sections("Risks", "Costs"))
    assert read_anchors(client, page) == [("Risks", "risks-2"), ("Costs", "costs-3")]


def test_a_draft_shows_the_anchor_that_a_section_has_or_would_get(client, site):
    body = build_sections("Risks")
    page = factories.create_article(site.index, body=body)
    page.body = [*build_sections("Risks"), *body]
    revision = page.save_revision()
    toc = represent_page(revision.as_object())["toc"]
    assert [entry["anchor"] for entry in toc] == ["risks-2", "risks"]
    assert PublishedBlock.objects.filter(page_id=page.pk).exclude(anchor="").count() == 1  # fmt: skip
    assert read_anchors(client, page) == [("Risks", "risks")]
    revision.publish()
    assert read_anchors(client, page) == [("Risks", "risks-2"), ("Risks", "risks")]


def test_a_translation_has_anchors_of_its_own(client, site):
    factories.create_spanish_tree(site)
    page = factories.create_article(site.index, body=build_sections("Risks"))
    spanish = factories.to_spanish(page)
    assert read_anchors(client, spanish) == [("ES Risks", "es-risks")]
    assert read_anchors(client, page) == [("Risks", "risks")]


def test_an_alias_has_the_anchors_of_its_source(site):
    body = build_sections("Risks")
    page = factories.create_article(site.index, body=body)
    body[0]["value"]["heading"] = "Dangers"
    page = publish(page, body)
    alias = page.create_alias(update_slug="alias")
    assert represent_page(alias)["toc"] == represent_page(page)["toc"]
    assert represent_page(alias)["toc"][0]["anchor"] == "risks"


def test_what_is_live_keeps_the_anchors_that_it_shows(client, site):
    page = factories.create_article(site.index, body=build_sections("Risks", "Risks"))
    shown = read_anchors(client, page)
    forget_blocks()
    migrate("treatments", "remember_articles")
    rows = PublishedBlock.objects.filter(page_id=page.pk)
    assert [row.anchor for row in rows.order_by("pk") if row.anchor] == ["risks", "risks-2"]  # fmt: skip
    assert rows.count() == 4
    body = page.body.get_prep_value()
    page = publish(page, [body[1], body[0]])
    assert read_anchors(client, page) == [shown[1], shown[0]]


def test_anchors_of_the_past_are_remembered_too(client, site):
    body = build_sections("Risks", "Costs")
    page = factories.create_article(site.index, body=body)
    assert len(read_anchors(client, page)) == 2
    page = publish(page, body[1:])
    assert len(read_anchors(client, page)) == 1
    page_id = page.pk
    page.delete()
    before = read_rows()
    forget_blocks()
    migrate("treatments", "remember_articles")
    migrate("treatments.delivery", "remember_versions")
    assert {row for row in before if row[0] == page_id} <= read_rows()


def read_rows():
    """Return what is known of all blocks."""
    rows = PublishedBlock.objects.values_list("page_id", "block_id", "anchor")
    return set(rows)


def forget_blocks():
    """Empty the table, as it was before there was one."""
    with lift_guards(connection, [PublishedBlock]), connection.cursor() as cursor:
        cursor.execute("DELETE FROM treatments_publishedblock")


def migrate(app, function):
    """Run what a migration does with the data."""
    module = import_module(f"{app}.migrations.0005_published_blocks")
    getattr(module, function)(apps, SimpleNamespace(connection=connection))


def test_an_anchor_fits_its_column():
    anchors = choose_anchors([(None, "long " * 90), (None, "")], GivenAnchors())
    assert [len(anchor) <= 200 for anchor in anchors] == [True, True]
    assert anchors[1] == "section"


def test_an_anchor_glues_no_numbers():
    headings = ["5×10⁹ cells", "5×109 cells", "Stage 1.5", "10⁻⁹"]
    anchors = choose_anchors([(None, each) for each in headings], GivenAnchors())
    assert anchors == ["5-10-sup9-cells", "5-109-cells", "stage-1-5", "10-supm9"]


def test_a_heading_with_numbers_that_is_live_keeps_the_anchor_of_earlier_versions(site):
    page = factories.create_article(site.index, body=build_sections("Stage 1.5"))
    forget_blocks()
    migrate("treatments", "remember_articles")
    rows = PublishedBlock.objects.filter(page_id=page.pk).exclude(anchor="")
    assert [row.anchor for row in rows] == ["stage-15"]
