from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments_delivery", "0001_ledger")]

    operations = [
        migrations.CreateModel(
            name="PendingPurge",
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
                ("backend", models.CharField(max_length=100)),
                ("tags", models.JSONField(default=list)),
                ("urls", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("retry_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
