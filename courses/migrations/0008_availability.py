from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Whether anything in an organization opens by rules is asked by every request for media: found by an index."""

    dependencies = [
        ("courses", "0007_code_uses"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="chapter",
            index=models.Index(condition=~Q(availability={}), fields=["organization"], name="chapter_with_rules"),
        ),
        migrations.AddIndex(
            model_name="contentitem",
            index=models.Index(condition=~Q(availability={}), fields=["organization"], name="item_with_rules"),
        ),
    ]
