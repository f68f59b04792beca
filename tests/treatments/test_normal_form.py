"""One form of each value: whichever way an article came in, saving it unchanged changes nothing."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.models import APIToken

from snippets.models import Reference
from tests import browser_forms, factories
from tests.contract.test_round_trip import remove_marks
from tests.samples import Sampler
from treatments.api.pages.streams import find_stream_errors
from treatments.content.representation import represent_page
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db

STREAMS = ("key_points", "body", "also_known_as", "regulatory_status", "questions")
#: What of a revision is no content, and changes with each.
BOOKKEEPING = (
    "latest_revision",
    "latest_revision_created_at",
    "live_revision",
    "last_published_at",
    "first_published_at",
    "has_unpublished_changes",
    "draft_title",
    "comments",
)
#: How an optional text, and an optional rich text, can be empty.
EMPTY = {"null": (None, None), "blank": ("  ", "<p> </p>")}


@pytest.fixture
def token(admin_user):
    return {
        "Authorization": f"Bearer {APIToken.create_token(user=admin_user, name='test')[1]}"
    }


def leave_out(block: blocks.Block, raw: Any, way: str) -> Any:
    """Return a raw value without what is optional in it: left out, or empty in some way."""
    if isinstance(block, blocks.StreamBlock):
        return [
            {**child, "value": leave_out(block.child_blocks[child["type"]], child["value"], way)}
            for child in raw
        ]  # fmt: skip
    if not isinstance(block, blocks.StructBlock):
        return raw
    given = {}
    for name, child in block.child_blocks.items():
        if isinstance(child, blocks.FieldBlock) and not child.required:
            if way == "absent" or isinstance(child, blocks.BooleanBlock):
                continue
            given[name] = None
            if isinstance(child, (blocks.CharBlock, blocks.TextBlock)):
                given[name] = EMPTY[way][0]
            if isinstance(child, blocks.RichTextBlock):
                given[name] = EMPTY[way][1]
        elif isinstance(child, blocks.ListBlock) and not raw[name]:
            given |= {} if way == "absent" else {name: []}
        elif (
            isinstance(child, blocks.StructBlock)
            and way == "absent"
            and is_optional(child)
        ):
            continue
        else:
            given[name] = leave_out(child, raw[name], way)
    return given


def is_optional(block: blocks.StructBlock) -> bool:
    """Tell whether nothing in a struct has to be given."""
    return all(not child.required for child in block.child_blocks.values())


def build_streams(sampler: Sampler, way: str) -> dict[str, Any]:
    """Return the streams of an article with every block."""
    given = {}
    for name in STREAMS:
        block = TreatmentPage._meta.get_field(name).stream_block
        raw = (
            sampler.build_stream(block, each=True)
            if sampler.filled
            else build_each(sampler, block)
        )
        given[name] = raw if way == "filled" else leave_out(block, raw, way)
    return given


def build_each(sampler: Sampler, block: blocks.StreamBlock) -> list[dict[str, Any]]:
    """Return every kind of child once, in each nothing that is optional."""
    children = []
    for name, child in block.child_blocks.items():
        value = sampler.build(child)
        if name == "section":
            value["content"] = build_each(sampler, child.child_blocks["content"])
        children.append({"type": name, "id": sampler.make_id(), "value": value})
    if block.meta.min_num == 2:
        children.append({**copy.deepcopy(children[0]), "id": sampler.make_id()})
    return children


def get_content(pk: int) -> dict[str, Any]:
    """Return what is stored of an article's draft."""
    page = TreatmentPage.objects.get(pk=pk).get_latest_revision_as_object()
    content = page.serializable_data()
    for name in BOOKKEEPING:
        content.pop(name, None)
    return {
        name: remove_marks(json.loads(value) if name in STREAMS else value)
        for name, value in content.items()
    }


def get_hash(pk: int) -> str:
    """Return the hash of an article's draft."""
    page = TreatmentPage.objects.get(pk=pk).get_latest_revision_as_object()
    return represent_page(page)["version"]["content_hash"]


def create_by_api(client, token, index, document) -> int:
    """Return the id of an article that v3 has made."""
    meta = {"type": "treatments.TreatmentPage", "parent_id": index.pk}
    given = {"title": "Made by API", "slug": "made", "summary": "Words.", "meta": meta}
    answer = client.post(
        "/api/v3/pages/", json.dumps({**given, **document}), content_type="application/json", headers=token,
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def save_in_admin(admin_client, pk: int, *, touched: bool = False) -> None:
    """Open the editing form and save it as it is."""
    address = f"/admin/pages/{pk}/edit/"
    form = admin_client.get(address).context["form"]
    data = browser_forms.fill_out(form)
    answer = admin_client.post(address, browser_forms.touch(data) if touched else data)
    assert answer.status_code == 302, (
        answer.context["form"].errors,
        [each.errors for each in answer.context["form"].formsets.values()],
    )


WAYS = ["filled", "absent", *EMPTY]


@pytest.mark.parametrize("way", WAYS)
def test_saving_unchanged_in_the_admin_what_the_api_made_changes_nothing(
    admin_client, client, token, site, targets, way
):
    sampler = Sampler(targets, filled=way == "filled")
    streams = build_streams(sampler, way)
    streams["key_points"][0]["value"] = "One line.\nAnother one."
    pk = create_by_api(client, token, site.index, {**streams, "summary": "A\nB"})
    before, digest = get_content(pk), get_hash(pk)
    for touched in (False, True):
        save_in_admin(admin_client, pk, touched=touched)
        assert get_content(pk) == before
        assert get_hash(pk) == digest


def test_a_short_text_is_one_line_and_the_admin_glues_no_number_to_a_word(
    admin_client, client, token, site
):
    text = "Dose \r\n12 mg"
    answer = {"type": "rich_text", "value": "<p>a</p>"}
    sent = {
        **dict.fromkeys(("title", "seo_title", "summary", "body_site"), text),
        "key_points": [{"type": "point", "value": text}] * 2,
        "body": [{"type": "section", "value": {"heading": text, "content": [answer]}}],
    }
    pk = create_by_api(client, token, site.index, sent)
    save_in_admin(admin_client, pk)
    page = TreatmentPage.objects.get(pk=pk).get_latest_revision_as_object()
    single = [page.title, page.seo_title, page.summary, page.body_site]
    assert {*single, page.body[0].value["heading"]} == {"Dose 12 mg"}
    assert page.key_points[0].value == "Dose \n12 mg"


def test_a_short_text_that_was_stored_with_a_line_break_opens_with_a_space():
    heading = TreatmentPage._meta.get_field("body").stream_block.child_blocks["section"]
    assert heading.child_blocks["heading"].get_form_state("Head 1\n2") == "Head 1 2"


def test_a_name_that_is_only_saved_is_one_line():
    assert factories.create_term(term="Dose\n12 mg").term == "Dose 12 mg"
    assert factories.create_term(aliases="a\r\nb").aliases == "a\nb"


@pytest.mark.parametrize("way", ["filled", "absent"])
def test_sending_back_by_the_api_what_the_admin_made_changes_nothing(
    admin_client, client, token, site, targets, way
):
    streams = build_streams(Sampler(targets, filled=way == "filled"), way)
    page = factories.create_article(site.index, live=False, **streams)
    save_in_admin(admin_client, page.pk)
    before, digest = get_content(page.pk), get_hash(page.pk)
    address = f"/api/v3/pages/{page.pk}/"
    document = client.get(f"{address}?version=draft", headers=token).json()
    answer = client.patch(
        address, json.dumps(document), content_type="application/json", headers=token
    )
    assert answer.status_code == 200, answer.content
    assert get_content(page.pk) == before
    assert get_hash(page.pk) == digest


def test_saving_unchanged_in_the_admin_what_a_program_made_changes_nothing(
    admin_client, site, targets
):
    streams = build_streams(Sampler(targets, filled=False), "null")
    page = factories.create_article(
        site.index, live=False, intro="<p></p>", summary="A\r\nB", **streams
    )
    before, digest = get_content(page.pk), get_hash(page.pk)
    assert (before["intro"], before["summary"]) == ("", "A B")
    save_in_admin(admin_client, page.pk, touched=True)
    assert get_content(page.pk) == before
    assert get_hash(page.pk) == digest


def test_the_live_row_and_its_revision_have_the_same_ids(site):
    source = Reference.objects.create(title="A trial")
    criteria = {
        "purpose": "may_help",
        "logic": "all",
        "lead_in": "It may help if",
        "items": [{"type": "criterion", "value": {"text": "The tumor is small"}}],
        "citations": [source.pk],
    }
    content = [{"type": "criteria_list", "value": criteria}]
    body = [{"type": "section", "value": {"heading": "A", "content": content}}]
    page = factories.create_article(site.index, body=body)
    stored = TreatmentPage.objects.get(pk=page.pk).body.get_prep_value()
    assert json.loads(page.get_latest_revision().content["body"]) == stored


def test_a_required_text_must_show_something(site):
    block = TreatmentPage._meta.get_field("body").stream_block
    errors = find_stream_errors(
        block,
        [{"type": "section", "value": {"heading": "A", "content": [{"type": "rich_text", "value": "<p> </p>"}]}}],
    )  # fmt: skip
    assert [each["pointer"] for each in errors] == ["/0/value/content/0/value"]
    with pytest.raises(ValidationError, match="blank"):
        factories.create_term(definition="<p>&nbsp;</p>").full_clean()
