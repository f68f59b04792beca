"""Gives the texts of guests that Wagtail keeps the form in which a browser sends them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

from snippets.lines import normalize_text

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def change_line_breaks(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write comments and replies of guests with the line breaks of a browser, without space around them."""
    for name, relation in (("GuestComment", "comment"), ("GuestReply", "reply")):
        rows: Any = apps.get_model("treatments_review", name)
        for row in rows.objects.select_related(relation).iterator():
            kept = getattr(row, relation)
            text = normalize_text(kept.text).strip().replace("\n", "\r\n")
            if text != kept.text:
                type(kept).objects.filter(pk=kept.pk).update(text=text)


class Migration(migrations.Migration):
    dependencies = [("treatments_review", "0005_chain")]

    operations = [migrations.RunPython(change_line_breaks, migrations.RunPython.noop)]
