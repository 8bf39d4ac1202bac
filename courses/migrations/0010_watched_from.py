"""How much of a video completes its item, decided by one function: pages, services and the API read it."""

import django.core.validators
from django.db import migrations, models

NEEDED_PERCENT = """
CREATE FUNCTION courses_needed_percent(of_item int, of_course int, slides boolean, duration float8) RETURNS int
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        of_item,
        CASE WHEN slides THEN media_library_sliding_percent(duration) END,
        of_course,
        (
            SELECT CASE WHEN site.watched_slides THEN media_library_sliding_percent(duration) ELSE site.watched_from END
            FROM media_library_siteconfiguration site LIMIT 1
        ),
        90
    )
$$"""
DROP_NEEDED = "DROP FUNCTION courses_needed_percent(int, int, boolean, float8)"


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_terms_of_entry"), ("media_library", "0010_watching_told")]

    operations = [
        migrations.AddField(
            model_name="contentitem",
            name="watched_from",
            field=models.PositiveSmallIntegerField(blank=True, help_text="Percent of the video, 1–100. Empty: as the course says.", null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name="counts as watched from"),
        ),
        migrations.AddField(
            model_name="course",
            name="watched_from",
            field=models.PositiveSmallIntegerField(blank=True, help_text="Percent, 1–100, unless an item says otherwise. Empty: as the site says (90).", null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name="videos count as watched from"),
        ),
        migrations.AddField(
            model_name="course",
            name="watched_slides",
            field=models.BooleanField(default=False, help_text="Instead: 70 % of the shortest videos, more with their length, 95 % from ten minutes.", verbose_name="sliding share"),
        ),
        migrations.AddConstraint(
            model_name="contentitem",
            constraint=models.CheckConstraint(condition=models.Q(("watched_from__range", (1, 100))), name="item_watched_from_percent"),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(condition=models.Q(("watched_from__range", (1, 100))), name="course_watched_from_percent"),
        ),
        migrations.RunSQL(NEEDED_PERCENT, DROP_NEEDED),
    ]
