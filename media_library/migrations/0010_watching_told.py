"""What a report brings besides: rounds of watching again, percents that courses go by, seconds of visits that end.

Of the function of `count_report` this is the one that also
- has two credits instead of one: a second that another tab has shown already costs the visits' credit and not that of
  what is seen for the first time, so that the record is the same whichever tab tells what;
- takes reports of visits that silence ended, and opens them again: what was played offline comes late;
- gathers what is seen once more in visits that began after the media was last watched to the end, until a round is full;
- says when a percent is passed that a higher floor wants to hear of: the media's own marks, and those that the site's
  settings make of every length;
- answers, when a visit ends, how many of its seconds nobody was told of.

It still is one call, and what brings no such news changes the two rows and nothing else.
"""

import importlib

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import core.fields

BEFORE = importlib.import_module("media_library.migrations.0002_count_report").COUNT_REPORT
DROP_REPORT = "DROP FUNCTION media_library_count_report"

#: The sliding share: 70 % of the shortest media, 95 % from ten minutes (Marsha's rule), in whole percents.
SLIDING_PERCENT = """
CREATE FUNCTION media_library_sliding_percent(duration float8) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT floor(70 + 25 * least(coalesce(duration, 600), 600) / 600)::int
$$"""

COUNT_REPORT = """
CREATE FUNCTION media_library_count_report(
    of_organization uuid, of_user uuid, of_session uuid,
    played int4multirange, playhead float8, at_speed float8, pace float8, ending boolean,
    tolerance int, most_pace int, longest int, completed_from int, milestones int[], quiet boolean
) RETURNS TABLE (
    percent_before float8, percent_now float8, seconds_now int, position_now float8, was_completed boolean,
    is_completed boolean, is_news boolean, told_before float8, passes_mark boolean, round_now int, untold int
) LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := statement_timestamp();
    visit record;
    learner record;
    whole int;
    last_second int;
    earned float8;
    credit_now float8;
    visit_credit_now float8;
    let_in int4multirange;
    played_now int4multirange;
    seen int4multirange;
    seen_again int4multirange;
    visited int4multirange;
    visit_seconds int;
    visit_percent float8;
BEGIN
    SELECT session.media_id, session.seconds, session.percent, session.speed, session.started_at, session.told_seconds,
        media.duration, media.watch_marks INTO visit
    FROM media_library_watchsession session
    JOIN media_library_media media ON media.organization_id = session.organization_id AND media.id = session.media_id
    WHERE session.id = of_session AND session.organization_id = of_organization AND session.user_id = of_user
        AND (session.ended_at IS NULL OR session.left_open)
    FOR NO KEY UPDATE OF session;
    IF NOT FOUND THEN RETURN; END IF;

    SELECT record.id, record.seconds, record.percent, record.credit, record.visit_credit, record.credited_at, record.completed_at, record.again,
        record.rounds, record.repeated_at, record.told_percent INTO learner
    FROM media_library_watchrecord record
    WHERE record.organization_id = of_organization AND record.media_id = visit.media_id AND record.user_id = of_user
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;

    IF visit.duration IS NOT NULL THEN whole := greatest(floor(visit.duration + 0.5), 1); END IF;
    last_second := coalesce(whole, longest);
    earned := greatest(pace, least(visit.speed, most_pace))
        * greatest(extract(epoch FROM moment - learner.credited_at), 0)::float8;
    credit_now := least(learner.credit + earned, last_second + tolerance);
    visit_credit_now := least(learner.visit_credit + earned, last_second + tolerance);
    played_now := played * int4multirange(int4range(0, last_second));
    seen := learner.seconds + media_library_first_seconds(played_now - learner.seconds, floor(credit_now)::int);
    let_in := media_library_first_seconds(played_now - visit.seconds, floor(visit_credit_now)::int);
    visited := visit.seconds + let_in;
    visit_seconds := media_library_count_seconds(visited);
    visit_percent := greatest(visit.percent, least(coalesce(floor(1000.0 * visit_seconds / whole) / 10, 0), 100));

    percent_before := learner.percent;
    seconds_now := media_library_count_seconds(seen);
    percent_now := greatest(learner.percent, least(coalesce(floor(1000.0 * seconds_now / whole) / 10, 0), 100));
    position_now := least(playhead, visit.duration);
    was_completed := learner.completed_at IS NOT NULL;
    is_completed := was_completed OR percent_now >= completed_from;
    told_before := greatest(percent_before, learner.told_percent);
    passes_mark := is_completed <> was_completed;
    IF floor(percent_now) > floor(percent_before) THEN
        passes_mark := passes_mark OR EXISTS (
            SELECT FROM unnest(
                visit.watch_marks || media_library_sliding_percent(visit.duration)
                || ARRAY(SELECT site.watched_from::int FROM media_library_siteconfiguration site)
            ) mark WHERE percent_before < mark AND mark <= percent_now
        );
    END IF;

    seen_again := learner.again;
    IF was_completed AND visit.started_at > coalesce(learner.repeated_at, learner.completed_at) THEN
        seen_again := seen_again + let_in;
        IF floor(1000.0 * media_library_count_seconds(seen_again) / whole) / 10 >= completed_from THEN
            round_now := learner.rounds + 1;
            seen_again := '{}';
        END IF;
    END IF;

    untold := CASE WHEN ending THEN greatest(visit_seconds - visit.told_seconds, 0) ELSE 0 END;
    is_news := passes_mark OR round_now IS NOT NULL OR untold > 0
        OR width_bucket(percent_now, milestones) <> width_bucket(percent_before, milestones);
    IF is_news AND quiet THEN RETURN NEXT; RETURN; END IF;

    UPDATE media_library_watchrecord record SET
        seconds = seen, watched_seconds = seconds_now, percent = percent_now, position = position_now, updated_at = moment,
        credit = credit_now - media_library_count_seconds(seen - learner.seconds),
        visit_credit = visit_credit_now - media_library_count_seconds(let_in), credited_at = greatest(record.credited_at, moment),
        completed_at = CASE WHEN is_completed THEN coalesce(record.completed_at, moment) END,
        again = seen_again, rounds = coalesce(round_now, record.rounds),
        repeated_at = CASE WHEN round_now IS NULL THEN record.repeated_at ELSE moment END
    WHERE record.id = learner.id;

    UPDATE media_library_watchsession session SET
        seconds = visited, watched_seconds = visit_seconds, percent = visit_percent, completed = visit_percent >= completed_from,
        position = position_now, speed = at_speed, last_beat_at = moment, ended_at = CASE WHEN ending THEN moment END,
        left_open = false, told_seconds = session.told_seconds + untold
    WHERE session.id = of_session;

    RETURN NEXT;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("media_library", "0009_playlists")]

    operations = [
        migrations.AddField(
            model_name="media",
            name="watch_marks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=list,
                help_text="Percents, 1–100, that a higher floor wants to be told of when a learner has reached them.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="siteconfiguration",
            name="watched_from",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="Percent of a video that completes its item, where neither the item nor its course says.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                verbose_name="counts as watched from",
            ),
        ),
        migrations.AddField(
            model_name="siteconfiguration",
            name="watched_slides",
            field=models.BooleanField(
                default=False,
                help_text="Instead: 70 % of the shortest videos, more with their length, 95 % from ten minutes.",
                verbose_name="sliding share",
            ),
        ),
        migrations.AddField(
            model_name="watchrecord",
            name="again",
            field=core.fields.SecondsField(
                default=list, help_text="Seen once more, in visits that began after it was last watched to the end."
            ),
        ),
        migrations.AddField(
            model_name="watchrecord",
            name="repeated_at",
            field=models.DateTimeField(blank=True, help_text="When the last of those rounds was full.", null=True),
        ),
        migrations.AddField(
            model_name="watchrecord",
            name="rounds",
            field=models.PositiveIntegerField(default=0, help_text="How often it was watched to the end once more."),
        ),
        migrations.AddField(
            model_name="watchrecord",
            name="told_percent",
            field=models.FloatField(
                default=0, help_text="What was reached before a reset: milestones up to it are not told a second time."
            ),
        ),
        migrations.AddField(
            model_name="watchsession",
            name="left_open",
            field=models.BooleanField(
                default=False,
                help_text="Ended by silence, not by its player: what it still reports late opens it again.",
            ),
        ),
        migrations.AddField(
            model_name="watchsession",
            name="told_seconds",
            field=models.PositiveIntegerField(default=0, help_text="So many of those played were announced."),
        ),
        migrations.AlterField(
            model_name="watchrecord",
            name="percent",
            field=models.FloatField(default=0, help_text="Of the length, 0–100; falls only by a reset."),
        ),
        migrations.AddConstraint(
            model_name="siteconfiguration",
            constraint=models.CheckConstraint(
                condition=models.Q(("watched_from__range", (1, 100))), name="site_watched_from_percent"
            ),
        ),
        migrations.AddField(
            model_name="watchrecord",
            name="visit_credit",
            field=models.FloatField(
                default=0, help_text="Seconds the clock still allows to play in visits, in all of them together."
            ),
        ),
        migrations.AlterField(
            model_name="watchrecord",
            name="credit",
            field=models.FloatField(
                default=0,
                help_text="Seconds the clock still allows to see for the first time, over all visits together.",
            ),
        ),
        migrations.AddIndex(
            model_name="watchsession",
            index=models.Index(fields=["organization", "user", "media"], name="session_by_learner"),
        ),
        migrations.RunSQL(SLIDING_PERCENT, "DROP FUNCTION media_library_sliding_percent(float8)"),
        migrations.RunSQL([DROP_REPORT, COUNT_REPORT], [DROP_REPORT, BEFORE]),
    ]
