from django.core.management.color import no_style
from django.db import migrations, models

from treatments.chains import chain_rows
from treatments.guards import drop_guard

TABLE = "treatments_review_decision"
#: Of the triggers that ``treatments.guards`` replaces.
FUNCTIONS = (f"{TABLE}_refuse", f"{TABLE}_keep")


def drop_old_guard(apps, schema_editor):
    drop_guard(schema_editor.connection, TABLE)
    if schema_editor.connection.vendor == "postgresql":
        for name in FUNCTIONS:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def chain_decisions(apps, schema_editor):
    chain_rows(
        apps.get_model("treatments_review", "Decision"),
        apps.get_model("treatments_review", "DecisionHead"),
    )


def count_on(apps, schema_editor):
    # The rows got their numbers from the head, and the sequence of PostgreSQL knows nothing of them.
    drop_guard(schema_editor.connection, TABLE)
    connection = schema_editor.connection
    decision = apps.get_model("treatments_review", "Decision")
    for statement in connection.ops.sequence_reset_sql(no_style(), [decision]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("treatments_review", "0004_removed_choices")]

    operations = [
        migrations.RunPython(drop_old_guard, migrations.RunPython.noop),
        migrations.CreateModel(
            name="DecisionHead",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveBigIntegerField(default=0)),
                (
                    "chain_hash",
                    models.CharField(blank=True, default="", max_length=64),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="decision",
            name="chain_hash",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(chain_decisions, count_on),
    ]
