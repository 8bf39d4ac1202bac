from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_activity_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="postponements",
            field=models.PositiveIntegerField(
                default=0,
                help_text="How often in a row it was put off, such as for want of disk space; no attempt is charged.",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["lane", "organization", "-priority", "available_at", "id"],
                name="core_job_line",
            ),
        ),
    ]
