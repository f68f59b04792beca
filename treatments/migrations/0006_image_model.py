"""The main image is of the site's own image model, where it has one; with Wagtail's nothing changes."""

import django.db.models.deletion
from django.db import migrations, models
from wagtail.images import get_image_model_string

IMAGE_MODEL = get_image_model_string()


def clear_unknown(apps, schema_editor):
    """Take out the numbers of images that the site's own model does not have: nobody was shown them."""
    if IMAGE_MODEL.lower() == "wagtailimages.image":
        return
    alias = schema_editor.connection.alias
    images = apps.get_model(IMAGE_MODEL).objects.using(alias)
    pages = apps.get_model("treatments", "TreatmentPage").objects.using(alias)
    unknown = pages.exclude(hero_image_id=None).exclude(
        hero_image_id__in=images.values("pk")
    )
    unknown.update(hero_image=None)


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0005_published_blocks"),
        (IMAGE_MODEL.partition(".")[0], "__first__"),
    ]

    operations = [
        migrations.RunPython(clear_unknown, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="treatmentpage",
            name="hero_image",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=IMAGE_MODEL,
                verbose_name="image",
            ),
        ),
    ]
