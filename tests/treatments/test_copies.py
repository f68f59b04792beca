"""A copied article has block ids of its own; what is asked for by an id is never the copy."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from wagtail.models import APIToken, Page

from tests import factories
from tests.factories import publish_section
from tests.samples import Sampler
from tests.treatments.api_calls import ARTICLES, find_criteria, get_json
from treatments.models import PublishedBlock, TreatmentPage

pytestmark = pytest.mark.django_db

ID = re.compile(r'"id": "([0-9a-f-]{36})"')
STREAMS = ("key_points", "body", "also_known_as", "regulatory_status", "questions")


def read_ids(content):
    """Return the ids of all blocks of a page or of the content of a revision, in reading order."""
    if isinstance(content, Page):
        content = content.serializable_data()
    return [found for name in STREAMS for found in ID.findall(content[name])]


def check_copy(source, copy):
    """Assert that a copy has as many ids in all its states, by one mapping, and none of its source."""
    source, copy = (TreatmentPage.objects.get(pk=page.pk) for page in (source, copy))
    mapping = dict(zip(read_ids(source), read_ids(copy), strict=True))
    assert not mapping.keys() & set(mapping.values())
    revisions = [list(page.revisions.order_by("pk")) for page in (source, copy)]
    for old, new in zip(*revisions, strict=False):
        assert [mapping.get(pk) for pk in read_ids(old.content)] == read_ids(new.content)  # fmt: skip
    assert set(read_ids(copy.get_latest_revision().content)) <= set(mapping.values())
    return mapping


@pytest.fixture
def article(site, targets):
    streams: dict[str, Any] = {
        name: Sampler(targets, prefix=name).build_stream(
            TreatmentPage._meta.get_field(name).stream_block
        )
        for name in STREAMS
    }
    page = factories.create_article(site.index, **streams)
    page.summary = "A later draft."
    page.save_revision()
    return page


def test_a_copy_has_ids_of_its_own_in_the_live_row_and_all_revisions(article):
    copy = article.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert len(check_copy(article, copy)) > 50
    assert copy.revisions.count() == article.revisions.count() + 1
    bare = article.copy(update_attrs={"slug": "bare"}, copy_revisions=False, keep_live=False)  # fmt: skip
    check_copy(article, bare)


def test_the_admin_the_api_and_a_copied_tree_give_new_ids_too(
    admin_client, client, admin_user, site
):
    page = publish_section(site, standalone=True)
    form = {
        "new_title": "By hand", "new_slug": "by-hand", "new_parent_page": site.index.pk,
        "copy_subpages": "", "publish_copies": "on", "alias": "",
    }  # fmt: skip
    assert admin_client.post(f"/admin/pages/{page.pk}/copy/", form).status_code == 302
    check_copy(page, TreatmentPage.objects.get(slug="by-hand"))
    token = APIToken.create_token(user=admin_user, name="test")[1]
    answer = client.post(
        f"/api/v3/pages/{page.pk}/actions/copy/",
        json.dumps({"slug": "by-api", "destination_id": site.index.pk}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code in (200, 201), answer.content
    check_copy(page, TreatmentPage.objects.get(slug="by-api"))
    tree = site.index.copy(recursive=True, update_attrs={"slug": "tree"})
    check_copy(page, TreatmentPage.objects.child_of(tree).get(slug=page.slug))


def test_a_translation_and_an_alias_keep_the_ids(site):
    factories.create_spanish_tree(site)
    page = publish_section(site, standalone=True)
    spanish = page.copy_for_translation(factories.get_locale("es"))
    alias = page.create_alias(update_slug="alias")
    assert read_ids(page) == read_ids(spanish) == read_ids(alias)


def test_what_names_a_block_inside_the_page_is_copied_with_it(site):
    page = publish_section(site, standalone=True)
    section_id = page.body[1].id
    page.body = [
        *page.body.get_prep_value(),
        factories.SIMPLE_BODY[0]
        | {"value": {"heading": f"See {section_id}", "content": []}},
    ]
    with factories.publishing_anything():
        factories.publish(page)
        copy = page.copy(update_attrs={"slug": "copy"})
    stored = TreatmentPage.objects.get(pk=copy.pk).body
    assert stored[2].value["heading"] == f"See {stored[1].id}"


def copy_as_before(page, slug):
    """Return a published copy that has the ids of its source, as copies had once."""
    raw = page.body.get_prep_value()
    return factories.create_article(page.get_parent(), title=slug, slug=slug, body=raw)


def test_a_section_of_a_withdrawn_article_is_gone_and_never_that_of_a_copy(
    client, site
):
    page = publish_section(site, standalone=True)
    copy = copy_as_before(page, "copy")
    get_json(client, f"{ARTICLES}/{page.pk}/")
    address = f"/api/v3/sections/{page.body[1].id}/"
    assert get_json(client, address)["article"]["id"] == page.pk
    assert get_json(client, f"{address}?article={copy.pk}")["article"]["id"] == copy.pk
    page.unpublish()
    answer = get_json(client, address, 410)
    assert answer["reason"] == "unpublished"
    assert get_json(client, f"{address}?article={page.pk}", 410) == answer
    assert get_json(client, f"{address}?article={copy.pk}")["article"]["id"] == copy.pk
    page.delete()
    get_json(client, address, 410)


def test_criteria_of_a_withdrawn_article_are_gone(client, site, targets):
    page, _sampler = factories.create_full_article(site.index, targets)
    block_id = find_criteria(get_json(client, f"{ARTICLES}/{page.pk}/"))
    copy_as_before(page, "copy")
    page.unpublish()
    get_json(client, f"/api/v3/criteria/{block_id}/fhir/", 410)


def test_what_was_never_public_is_not_found_and_a_public_copy_of_it_is(client, site):
    body = publish_section(site, standalone=True).body.get_prep_value()
    hidden = factories.create_article(
        site.index, live=False, title="Hidden", slug="hidden", body=[{**body[1], "id": "12121212-1212-4212-8212-121212121212"}],
    )  # fmt: skip
    address = f"/api/v3/sections/{hidden.body[0].id}/"
    get_json(client, address, 404)
    copy = copy_as_before(hidden, "copy")
    assert get_json(client, address)["article"]["id"] == copy.pk
    assert not PublishedBlock.objects.filter(page_id=hidden.pk).exists()
