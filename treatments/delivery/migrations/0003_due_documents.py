from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments_delivery", "0002_pending_purge")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["valid_until"],
                name="treatments_document_due",
                condition=models.Q(state="public"),
            ),
        ),
    ]
