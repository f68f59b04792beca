"""The documents list every block, and word labels and messages as the admin does."""

from __future__ import annotations

import re
from typing import Any

from tests import factories
from tests.docs import block_reference, reading
from tests.docs.reading import EDITORS, FRONTEND
from treatments.blocks.streams import SectionContentStreamBlock

#: Words of Wagtail and wagtail-localize that editors.md shows in bold.
WAGTAIL_WORDS = {
    "Images",
    "Title",
    "Save draft",
    "Publish",
    "Unpublish",
    "History",
    "Translate",
    "Save",
    "Translate this page",
    "Sync translated pages",
    "Convert to alias page",
    "Publish immediately",
    "español",
    "Reports › Reviews",
    "Settings › Reviewers",
    "Settings › Workflows",
}


def test_the_block_reference_is_up_to_date():
    document = reading.read(FRONTEND)
    assert block_reference.replace_reference(document) == document
    assert "| `callout` |" in document
    outdated = document.replace("| `callout` | `kind` choice", "| `callout` | `look`")
    assert outdated != document
    assert block_reference.replace_reference(outdated) != outdated


def test_the_block_reference_has_the_keys_of_the_answers(client, shared_site):
    index = factories.load_site(shared_site).index
    article, _sampler = factories.create_full_article(
        index, factories.create_targets(index)
    )
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \| (.*) \|$", reading.read(FRONTEND), re.M)
    keys = {
        name: set(re.findall(r"(?:^|· )`(\w+)`", value))
        for types, value in rows
        for name in re.findall(r"`(\w+)`", types)
    }
    seen = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            if value.keys() == {"type", "id", "value"}:
                seen.add(value["type"])
                if isinstance(value["value"], dict) and value["type"] != "rich_text":
                    assert value["value"].keys() == keys[value["type"]], value["type"]
            for item in value.values():
                walk(item)

    walk(client.get(f"/api/v2/pages/{article.pk}/").json()["body"])
    assert set(SectionContentStreamBlock().child_blocks) <= seen


def test_editors_learn_about_every_block():
    labels = [str(block.label) for block in SectionContentStreamBlock().child_blocks.values()]  # fmt: skip
    rows = reading.find_table(reading.read(EDITORS), "every block")
    assert sorted(row[0].strip("*") for row in rows) == sorted(labels)


def test_messages_are_worded_as_in_the_admin():
    patterns = reading.find_strings("treatments", "snippets")

    def is_known(message: str) -> bool:
        return any(pattern.fullmatch(message) for pattern in patterns)

    messages = [row[0].strip("“”") for row in reading.find_table(reading.read(EDITORS), "messages")]  # fmt: skip
    assert len(messages) > 10
    assert [message for message in messages if not is_known(message)] == []
    assert is_known("At least 5 cannot apply: the list has 2 criteria.")
    assert not is_known("At least 5 may not apply: the list has 2 criteria.")


def test_labels_are_worded_as_in_the_admin():
    strings = reading.find_strings("treatments", "snippets")
    known = {pattern.pattern.replace("\\", "").lower() for pattern in strings}
    known |= {word.lower() for word in WAGTAIL_WORDS}
    text = reading.read(EDITORS)
    tables = re.findall(r"\*\*([^*\n]+)\*\*", text)
    sentences = re.compile(r"[.:]$|^After you|^The |^Publish in|^draft$|^no drafts$")
    labels = [label for label in tables if not sentences.search(label)]
    assert len(labels) > 50
    assert [label for label in labels if label.lower() not in known] == []
