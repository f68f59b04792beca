"""Remembers which blocks readers have got; what is live keeps the anchors that it shows."""

import json
import uuid

from django.apps import apps as installed
from django.db import connections, migrations, models
from django.utils.text import slugify

from treatments.anchors import GivenAnchors, choose_anchors


def remember_articles(apps, schema_editor):
    """Write down the blocks of all articles that were ever published, the oldest publication first."""
    alias = schema_editor.connection.alias
    published = apps.get_model("treatments", "PublishedBlock").objects.using(alias)
    pages = apps.get_model("wagtailcore", "Page").objects.using(alias)
    pages = pages.filter(first_published_at__isnull=False, alias_of__isnull=True)
    for page in (
        pages.order_by("first_published_at", "pk")
        .values("pk", "translation_key", "locale_id", "first_published_at")
        .iterator()
    ):
        for table, column in find_tables(alias):
            body = read_body(alias, table, column, page["pk"])
            if body:
                published.bulk_create(
                    build_rows(published.model, page, body), ignore_conflicts=True
                )


def find_tables(alias):
    """Return the table and key of each installed article type that exists already."""
    from treatments.models import TreatmentArticleMixin

    tables = set(connections[alias].introspection.table_names())
    found = set()
    for model in installed.get_models():
        if issubclass(model, TreatmentArticleMixin) and hasattr(model, "page_ptr"):
            owner = model._meta.get_field("body").model._meta
            found.add((owner.db_table, owner.pk.column))
    return sorted(each for each in found if each[0] in tables)


def read_body(alias, table, column, pk):
    """Return the stored body of a page, or nothing."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {quote('body')} FROM {quote(table)} WHERE {quote(column)} = %s",  # noqa: S608
            [pk],
        )
        row = cursor.fetchone()
    body = row[0] if row else None
    return json.loads(body) if isinstance(body, str) and body else body or []


def build_rows(model, page, body):
    """Return the rows of one article: its sections with their anchors, and what stands in them."""
    sections = [
        (child.get("id"), get_value(child).get("heading") or "") for child in body
    ]
    anchors = choose_anchors(sections, GivenAnchors(), slugify)
    blocks = dict(zip((pk for pk, _heading in sections), anchors, strict=True))
    for child in body:
        for inner in get_value(child).get("content") or []:
            blocks.setdefault(inner.get("id"), "")
    return [
        model(
            page_id=page["pk"],
            translation_key=page["translation_key"],
            locale_id=page["locale_id"],
            block_id=block_id,
            anchor=anchor,
            public_from=page["first_published_at"],
        )
        for block_id, anchor in blocks.items()
        if is_uuid(block_id)
    ]


def get_value(child):
    """Return the value of a section; nothing for another kind of block."""
    value = child.get("value")
    return value if isinstance(value, dict) else {}


def is_uuid(value):
    """Tell whether a text is the id of a block."""
    try:
        return bool(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError):
        return False


class Migration(migrations.Migration):
    dependencies = [("treatments", "0004_review_changes_on")]

    operations = [
        migrations.CreateModel(
            name="PublishedBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("page_id", models.PositiveBigIntegerField()),
                ("translation_key", models.UUIDField()),
                ("locale_id", models.PositiveBigIntegerField()),
                ("block_id", models.UUIDField(db_index=True)),
                ("anchor", models.CharField(blank=True, max_length=200)),
                ("public_from", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["page_id", "block_id", "anchor"],
                        name="treatments_published_block_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("anchor", ""), _negated=True),
                        fields=["page_id", "anchor"],
                        name="treatments_published_anchor_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(
            remember_articles, migrations.RunPython.noop, elidable=True
        ),
    ]
