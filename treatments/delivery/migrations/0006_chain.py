import django.utils.timezone
from django.db import migrations, models

from treatments.chains import chain_rows
from treatments.guards import drop_guard


def chain_versions(apps, schema_editor):
    # Where this migration was taken back; ``migrate`` makes the triggers again.
    drop_guard(schema_editor.connection, "treatments_delivery_version")
    chain_rows(
        apps.get_model("treatments_delivery", "Version"),
        apps.get_model("treatments_delivery", "Ledger"),
    )


class Migration(migrations.Migration):
    dependencies = [("treatments_delivery", "0005_published_blocks")]

    operations = [
        migrations.AddField(
            model_name="ledger",
            name="chain_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="version",
            name="created_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="chain_hash",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(chain_versions, migrations.RunPython.noop),
    ]
