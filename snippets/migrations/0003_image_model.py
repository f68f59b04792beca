"""Images of the site's own image model, where it has one; with Wagtail's nothing changes."""

import django.db.models.deletion
from django.db import migrations, models
from wagtail.images import get_image_model_string

IMAGE_MODEL = get_image_model_string()
IMAGES = [("glossaryterm", "image"), ("promotion", "image")]


def clear_unknown(apps, schema_editor):
    """Take out the numbers of images that the site's own model does not have: nobody was shown them."""
    if IMAGE_MODEL.lower() == "wagtailimages.image":
        return
    alias = schema_editor.connection.alias
    images = apps.get_model(IMAGE_MODEL).objects.using(alias)
    for name, field in IMAGES:
        rows = apps.get_model("treatment_snippets", name).objects.using(alias)
        unknown = rows.exclude(**{f"{field}_id": None}).exclude(
            **{f"{field}_id__in": images.values("pk")}
        )
        unknown.update(**{field: None})


class Migration(migrations.Migration):
    dependencies = [
        ("treatment_snippets", "0002_identifiers"),
        (IMAGE_MODEL.partition(".")[0], "__first__"),
    ]

    operations = [
        migrations.RunPython(clear_unknown, migrations.RunPython.noop),
        *(
            migrations.AlterField(
                model_name=name,
                name=field,
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=IMAGE_MODEL,
                    verbose_name="image",
                ),
            )
            for name, field in IMAGES
        ),
    ]
