from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments_delivery", "0003_due_documents")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
    ]
