"""Every text of an article goes to its translators and comes back; numbers, codes and ids stay."""

from __future__ import annotations

import json
import re

import pytest
from wagtail.models import APIToken
from wagtail_localize.models import OverridableSegment, StringSegment

from snippets.models import GlossaryTerm
from tests import factories
from tests.factories import submit, to_spanish, translate_all
from tests.samples import Sampler, find_words
from tests.shared import share
from tests.treatments.test_blocks import BLOCK_NAMES, CONTENT, wrap
from treatments.models import TreatmentIndexPage
from treatments.translation.services import publish_translation

pytestmark = pytest.mark.django_db


def create_bilingual_targets(index_id):
    """Return what a block can choose, with the Spanish term that a translation waits for."""
    targets = factories.create_targets(TreatmentIndexPage.objects.get(pk=index_id))
    to_spanish(GlossaryTerm.objects.get(pk=targets["term"]))
    return targets


shared_bilingual_targets = share(
    "shared_bilingual_targets", create_bilingual_targets, on="shared_bilingual_site"
)


@pytest.mark.parametrize("filled", [True, False], ids=["filled", "empty"])
@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_every_text_of_every_block_is_extracted_and_comes_back(
    bilingual_index, shared_bilingual_targets, name, filled
):
    sampler = Sampler(shared_bilingual_targets, filled=filled)
    body = wrap(name, sampler.build(CONTENT.child_blocks[name]))
    page = factories.create_article(bilingual_index, title="One block", body=body)
    translation = submit(page)
    sent = " ".join(
        StringSegment.objects.filter(
            source=translation.source, context__path__startswith="body"
        ).values_list("string__data", flat=True)
    )
    assert find_words(sent) == set(sampler.words)
    translate_all(translation)
    spanish = publish_translation(translation)
    source, target = page.body.get_prep_value(), spanish.body.get_prep_value()
    assert find_words(json.dumps(target)) == set(sampler.words)
    assert collect_ids(target) == collect_ids(source)
    texts = [text for text in iterate_strings(target) if find_words(text)]
    assert all("ES " in text for text in texts)


def collect_ids(raw):
    """Return the ids of all stream children, in order; that of a struct's fields is the database's own."""
    if isinstance(raw, list):
        return [entry for item in raw for entry in collect_ids(item)]
    if isinstance(raw, dict):
        own = [raw["id"]] if "type" in raw and "id" in raw else []
        return own + [entry for name in sorted(raw) for entry in collect_ids(raw[name])]
    return []


def iterate_strings(raw):
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, (list, dict)):
        for value in raw.values() if isinstance(raw, dict) else raw:
            yield from iterate_strings(value)


def test_numbers_and_codes_are_not_sent_to_translators(
    bilingual_index, shared_bilingual_targets
):
    page, _sampler = factories.create_full_article(
        bilingual_index, shared_bilingual_targets
    )
    translation = submit(page)
    sent = list(
        StringSegment.objects.filter(source=translation.source).values_list(
            "string__data", flat=True
        )
    )
    for secret in (
        "D001943",
        "DEN220077",
        "1iiA",
        "http://id.nlm.nih.gov/mesh",
        "grade",
        "between",
        "cm",
        page.slug,
    ):
        assert secret not in sent
    assert not any(text.replace(".", "").isdigit() for text in sent)
    paths = OverridableSegment.objects.filter(source=translation.source).values_list(
        "data_json", flat=True
    )
    assert '"D001943"' not in list(paths)


def test_ids_survive_a_v3_round_trip(
    client, bilingual_index, shared_bilingual_targets, django_user_model
):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="test")
    page, _sampler = factories.create_full_article(
        bilingual_index, shared_bilingual_targets
    )
    headers = {"Authorization": f"Bearer {key}"}
    before = client.get(f"/api/v3/pages/{page.pk}/", headers=headers).json()
    answer = client.patch(
        f"/api/v3/pages/{page.pk}/",
        data=json.dumps(
            {
                "body": before["body"],
                "questions": before["questions"],
                "meta": {"action": "publish"},
            }
        ),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 200, answer.content
    source = page.body.get_prep_value()
    page.refresh_from_db()
    assert without_list_ids(page.body.get_prep_value()) == without_list_ids(source)


def without_list_ids(raw):
    """Leave out the ids of list items, which hold choosers only, and the keys of the rich text editor."""
    if isinstance(raw, list):
        return [without_list_ids(item) for item in raw]
    if isinstance(raw, dict):
        skip = (
            {"id"}
            if raw.get("type") == "item" and isinstance(raw.get("value"), int)
            else set()
        )
        return {
            key: without_list_ids(value)
            for key, value in raw.items()
            if key not in skip
        }
    if isinstance(raw, str):
        return re.sub(r' data-block-key="[^"]*"', "", raw)
    return raw
