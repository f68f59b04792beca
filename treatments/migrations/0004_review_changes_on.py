"""The index knows on which day a review status becomes another one."""

from django.db import migrations, models
from django.db.models import F


def look_again(apps, schema_editor):
    """Have the first list look at every article that was reviewed: a day of the past is due."""
    articles = apps.get_model("treatments", "IndexedArticle").objects
    articles.using(schema_editor.connection.alias).update(
        review_changes_on=F("last_reviewed")
    )


class Migration(migrations.Migration):
    dependencies = [("treatments", "0003_publisher_license")]

    operations = [
        migrations.AddField(
            model_name="indexedarticle",
            name="review_changes_on",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(look_again, migrations.RunPython.noop, elidable=True),
    ]
