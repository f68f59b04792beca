"""What an API answers with is written once, and like ninja writes it."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import get_schema
from pydantic import Field, create_model

from treatments.api.openapi.document import to_plain
from treatments.api.openapi.models import SharedModels
from treatments.api.openapi.references import iterate_references


class Image(Schema):
    kind: Literal["image"] = "image"
    address: str = Field(alias="url")


class Text(Schema):
    kind: Literal["text"] = "text"
    parts: list[Block] = []


Block = Annotated[Image | Text, Field(discriminator="kind")]


class Given(Schema):
    pages: list[int] = Field(alias="ids")


class Article(Schema):
    title: str = Field(max_length=10, description="What it is called.")
    body: list[Block]


def build_api(*answers, **options):
    """Return an API with one operation for each of some answers."""
    api = NinjaAPI()
    for number, answer in enumerate(answers):

        def view(request, body: Given):
            pass

        api.post(
            f"/{number}/", response=answer, operation_id=f"view_{number}", **options
        )(view)
    return api


@pytest.mark.parametrize("by_alias", [True, False])
def test_the_document_is_the_one_of_ninja(by_alias):
    answers = (Article, list[Article], Text | None, {200: Block, 404: dict}, int, None)
    api = build_api(*answers, by_alias=by_alias)
    assert to_plain(SharedModels(api, "")) == to_plain(get_schema(api))


def test_models_with_one_name_are_documented_apart():
    models = [
        create_model("Card", __base__=Schema, __module__="one", title=str),
        create_model("Card", __base__=Schema, __module__="two", name=str),
    ]
    document = to_plain(SharedModels(build_api(*models), ""))
    schemas = document["components"]["schemas"]
    shown = [
        list(schemas[name]["properties"])
        for path in document["paths"].values()
        for name in iterate_references(path["post"]["responses"])
    ]
    assert shown == [["title"], ["name"]]
