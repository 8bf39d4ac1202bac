from django.db import migrations

# What ended before anybody was told is not news any more.
TOLD = """
UPDATE media_library_media SET told_at = updated_at
WHERE told_at IS NULL AND status IN ('completed', 'failed')"""


class Migration(migrations.Migration):
    dependencies = [
        ("media_library", "0004_upload_writer"),
    ]

    operations = [migrations.RunSQL(TOLD, migrations.RunSQL.noop)]
