from django.db import migrations, models

# Somebody wrote words for it, or chose an earlier version over the newest.
CHOSEN = """
UPDATE media_library_media media SET transcript_chosen_at = read.created_at
FROM media_library_transcript read
WHERE read.id = media.transcript_id AND EXISTS (
    SELECT FROM media_library_transcript other
    WHERE other.media_id = media.id AND (other.id > read.id OR other.method IN ('sidecar', 'edited')))"""


class Migration(migrations.Migration):
    dependencies = [
        ("media_library", "0006_any_host"),
    ]

    operations = [
        migrations.AddField(
            model_name="media",
            name="transcript_chosen_at",
            field=models.DateTimeField(
                blank=True,
                null=True,
                help_text="When a person wrote or chose what is read: no machine replaces it.",
            ),
        ),
        migrations.RunSQL(CHOSEN, migrations.RunSQL.noop),
    ]
