"""How much of a video completes its item: its organization has a say now, too."""

import importlib

import django.core.validators
from django.db import migrations, models

NEEDED_PERCENT = """
CREATE FUNCTION courses_needed_percent(
    of_item int, of_course int, slides boolean, duration float8, of_organization uuid
) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        of_item,
        CASE WHEN slides THEN media_library_sliding_percent(duration) END,
        of_course,
        (
            SELECT CASE WHEN own.watched_slides THEN media_library_sliding_percent(duration) ELSE own.watched_from END
            FROM accounts_organization own WHERE own.id = of_organization
        ),
        (
            SELECT CASE WHEN site.watched_slides THEN media_library_sliding_percent(duration) ELSE site.watched_from END
            FROM media_library_siteconfiguration site LIMIT 1
        ),
        90
    )
$$"""
DROP_NEEDED = "DROP FUNCTION courses_needed_percent(int, int, boolean, float8, uuid)"
FORMER = importlib.import_module("courses.migrations.0010_watched_from")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_watched_from'),
        ('courses', '0010_watched_from'),
    ]

    operations = [
        migrations.AlterField(
            model_name='course',
            name='watched_from',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Percent, 1–100, unless an item says otherwise. Empty: as the organization says (90).', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='videos count as watched from'),
        ),
        migrations.RunSQL(FORMER.DROP_NEEDED, FORMER.NEEDED_PERCENT),
        migrations.RunSQL(NEEDED_PERCENT, DROP_NEEDED),
    ]
