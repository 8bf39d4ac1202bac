from django.db import migrations, models
from django.db.models import Deferrable


class Migration(migrations.Migration):
    """Chapters may swap what they hold in one statement: uniqueness is looked at after it, no longer row by row."""

    dependencies = [
        ("courses", "0005_rows_of_their_own"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="contentitem", name="media_once_per_chapter"),
        migrations.AddConstraint(
            model_name="contentitem",
            constraint=models.UniqueConstraint(
                fields=("organization", "chapter", "media"),
                name="media_once_per_chapter",
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message="This media is already in the chapter.",
            ),
        ),
    ]
