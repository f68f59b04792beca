"""The table of what an article consists of: no field is forgotten, and what follows from the table fits the models."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search.index import SearchField
from wagtail_localize.fields import TranslatableField, get_translatable_fields

from tests.delivery.documents import EXAMPLE, read_example
from treatments.api.articles.schemas import get_card_shapes
from treatments.article_fields import ABOUT, ARTICLE_FIELDS, OWN_SECTIONS, Weight
from treatments.comparison.definitions import define_article, define_field
from treatments.content.article_fields import get_document_shapes
from treatments.hashes.content import expand_sections, hash_clinical
from treatments.hashes.raw import get_content_fields, get_content_relations
from treatments.models import TreatmentPage
from treatments.models.own_fields import get_own_rows

ADVICE = "Give it a row in treatments/article_fields.py."


def list_made_of() -> list[str]:
    """Return what the rows name of the model."""
    return [name for row in ARTICLE_FIELDS for name in row.fields]


def list_content(model: Any) -> set[str]:
    """Return the fields and child relations of a page model that hold content."""
    fields = {each.name for each in get_content_fields(model)}
    return fields | {each.get_accessor_name() for each in get_content_relations(model)}


def test_every_field_of_the_model_is_in_one_row():
    assert set(list_made_of()) == list_content(TreatmentPage), ADVICE
    assert len(list_made_of()) == len(set(list_made_of()))


def test_a_field_that_has_no_row_is_found(monkeypatch):
    forgotten = models.CharField(name="forgotten")
    fields = [*TreatmentPage._meta.fields, forgotten]
    forgotten.model = TreatmentPage
    monkeypatch.setattr(TreatmentPage._meta, "fields", fields)
    assert list_content(TreatmentPage) - set(list_made_of()) == {"forgotten"}


def test_every_key_of_a_document_has_a_row_and_a_type():
    names = {row.name for row in ARTICLE_FIELDS}
    assert len(names) == len(ARTICLE_FIELDS)
    assert read_example().keys() == names, ADVICE
    assert get_document_shapes(TreatmentPage).keys() == names, ADVICE


def test_a_card_has_what_the_table_says():
    file = EXAMPLE.with_name("treatments.TreatmentPage.list.json")
    card = json.loads(file.read_text(encoding="utf-8"))["items"][0]
    assert list(card) == list(get_card_shapes())
    assert {row.card for row in ARTICLE_FIELDS if row.card} <= card.keys()


def test_every_section_outside_of_the_body_is_hashed_by_itself():
    expanded = expand_sections(read_example())
    assert {*OWN_SECTIONS, ABOUT} <= expanded.keys()
    about = expanded[ABOUT]["content"].keys()
    assert about == {row.name for row in ARTICLE_FIELDS if row.section == ABOUT}


def test_translators_get_the_words_of_the_rows_that_are_translated():
    known = {each.field_name: each for each in get_translatable_fields(TreatmentPage)}
    sent = {name for name in known if type(known[name]) is TranslatableField}
    kinds = (StreamField, RichTextField, models.CharField, models.TextField)
    words = {
        name
        for row in ARTICLE_FIELDS
        for name in row.fields
        if row.is_translated
        and isinstance(field := TreatmentPage._meta.get_field(name), kinds)
        and not field.choices
    }
    # Of a chosen treatment, the translation is chosen.
    assert sent == {*words, "treatment"}


def test_what_editors_search_is_searched_by_readers_too():
    searched = {row.name for row in ARTICLE_FIELDS if row.searched[0]}
    fields = TreatmentPage.article_search_fields
    assert {each.field_name for each in fields if type(each) is SearchField} <= searched


def test_api_clients_write_every_field_that_is_not_of_all_pages():
    own = {field.name for field in Page._meta.get_fields()}
    written = [each.name for each in TreatmentPage.article_api_fields]
    assert set(written) == set(list_made_of()) - own


def test_what_a_project_adds_is_clinical_until_it_says_otherwise(monkeypatch):
    more = [*TreatmentPage.api_fields, APIField("go_live_at"), APIField("expire_at")]
    monkeypatch.setattr(TreatmentPage, "api_fields", more)
    monkeypatch.setattr(TreatmentPage, "editorial_fields", ("expire_at",))
    rows = get_own_rows.__wrapped__(TreatmentPage)
    assert [*rows] == ["go_live_at", "expire_at"]
    assert rows["go_live_at"].weight is Weight.CLINICAL
    assert rows["expire_at"].weight is Weight.EDITORIAL
    assert {rows[name].section for name in ("go_live_at", "expire_at")} == {ABOUT}


def test_a_comparison_weighs_a_field_as_the_table_does():
    article = define_article("treatments.TreatmentPage")
    weights = {
        row.name: define_field(article, row.name).weight for row in ARTICLE_FIELDS
    }
    assert weights == {row.name: row.weight for row in ARTICLE_FIELDS}


def test_what_is_editorial_in_the_table_is_left_out_of_what_is_clinical():
    old = read_example()
    for row in ARTICLE_FIELDS:
        if row.section == ABOUT and row.name != "title":
            new = {**old, row.name: "Another"}
            is_changed = hash_clinical(new, []) != hash_clinical(old, [])
            assert is_changed is row.is_clinical, row.name
