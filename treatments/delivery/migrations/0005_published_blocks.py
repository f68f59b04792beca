"""The blocks and the anchors of the past are remembered too: of what was withdrawn, moved or renamed."""

import json
import zlib

from django.db import migrations


def remember_versions(apps, schema_editor):
    """Write down the blocks of each version that readers got, the newest first: its anchors are those in use.

    An anchor that a block had before is kept, so that no other block gets it.
    """
    alias = schema_editor.connection.alias
    versions = apps.get_model("treatments_delivery", "Version").objects.using(alias)
    published = apps.get_model("treatments", "PublishedBlock").objects.using(alias)
    locales = apps.get_model("wagtailcore", "Locale").objects.using(alias)
    locale_ids = dict(locales.values_list("language_code", "pk"))
    kept = versions.exclude(body=None).order_by()
    for page_id in kept.values_list("page_id", flat=True).distinct().iterator():
        since, found = {}, {}
        rows = published.filter(page_id=page_id).exclude(anchor="")
        holders = dict(rows.values_list("anchor", "block_id"))
        holders = {anchor: str(block_id) for anchor, block_id in holders.items()}
        for version in kept.filter(page_id=page_id).order_by("-position").iterator():
            for block_id, anchor in read_blocks(version.body):
                since[block_id] = version.public_from
                # Until now a section could get the anchor of another one.
                if holders.setdefault(anchor, block_id) != block_id:
                    anchor = ""
                found.setdefault((block_id, anchor), version)
        published.bulk_create(
            [
                published.model(
                    page_id=page_id,
                    translation_key=version.translation_key,
                    # Of a language that is gone nobody can ask.
                    locale_id=locale_ids.get(version.locale, 0),
                    block_id=block_id,
                    anchor=anchor,
                    public_from=since[block_id],
                )
                for (block_id, anchor), version in found.items()
            ],
            ignore_conflicts=True,
        )


def read_blocks(body):
    """Return the id and the anchor of the sections of a document, and of what stands in them."""
    document = json.loads(zlib.decompress(bytes(body), wbits=zlib.MAX_WBITS | 16))
    blocks = {entry["id"]: entry["anchor"] for entry in document.get("toc", ())}
    for section in document.get("body", ()):
        value = section["value"] if isinstance(section["value"], dict) else {}
        for inner in value.get("content") or ():
            if isinstance(inner, dict) and inner.get("id"):
                blocks.setdefault(inner["id"], "")
    return [(pk, anchor) for pk, anchor in blocks.items() if pk and len(pk) == 36]


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0005_published_blocks"),
        ("treatments_delivery", "0004_announced_changes"),
    ]

    operations = [
        migrations.RunPython(
            remember_versions, migrations.RunPython.noop, elidable=True
        ),
    ]
