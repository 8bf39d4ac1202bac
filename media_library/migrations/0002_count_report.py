"""How a report of a player is counted (design.md, mechanism 3): one call, because everybody who watches sends one every ten
seconds, and inside the database, because planning the statements anew each time would cost more than running them.

The visit is locked, then the learner's record: two tabs wait for each other. Of the seconds new to the visit, in media order, as
many are let in as the learner's credit allows; credit grows with the wall time since it was last settled. No row is answered for
a visit that is not this person's, or has ended. A `quiet` report that would bring news (a milestone reached, an end reached)
changes nothing and says so: news is told in one transaction with the fact, everything else needs none. Times are those of the database's clock at the start of the statement.
"""

from django.db import migrations

COUNT_SECONDS = """
CREATE FUNCTION media_library_count_seconds(seconds int4multirange) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    piece int4range;
    total int := 0;
BEGIN
    FOR piece IN SELECT unnest(seconds) LOOP
        total := total + upper(piece) - lower(piece);
    END LOOP;
    RETURN total;
END $$"""

FIRST_SECONDS = """
CREATE FUNCTION media_library_first_seconds(seconds int4multirange, most int) RETURNS int4multirange
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    piece int4range;
    room int := most;
    taken int4multirange := '{}';
BEGIN
    FOR piece IN SELECT unnest(seconds) LOOP
        EXIT WHEN room <= 0;
        taken := taken + int4multirange(int4range(lower(piece), least(upper(piece), lower(piece) + room)));
        room := room - (upper(piece) - lower(piece));
    END LOOP;
    RETURN taken;
END $$"""

COUNT_REPORT = """
CREATE FUNCTION media_library_count_report(
    of_organization uuid, of_user uuid, of_session uuid,
    played int4multirange, playhead float8, at_speed float8, pace float8, ending boolean,
    tolerance int, most_pace int, longest int, completed_from int, milestones int[], quiet boolean
) RETURNS TABLE (
    percent_before float8, percent_now float8, seconds_now int, position_now float8, was_completed boolean,
    is_completed boolean, is_news boolean
) LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := statement_timestamp();
    visit record;
    learner record;
    whole int;
    last_second int;
    credit_now float8;
    let_in int4multirange;
    seen int4multirange;
    visited int4multirange;
    visit_seconds int;
    visit_percent float8;
BEGIN
    SELECT session.media_id, session.seconds, session.percent, session.speed, media.duration INTO visit
    FROM media_library_watchsession session
    JOIN media_library_media media ON media.organization_id = session.organization_id AND media.id = session.media_id
    WHERE session.id = of_session AND session.organization_id = of_organization AND session.user_id = of_user
        AND session.ended_at IS NULL
    FOR NO KEY UPDATE OF session;
    IF NOT FOUND THEN RETURN; END IF;

    SELECT record.id, record.seconds, record.percent, record.credit, record.credited_at, record.completed_at INTO learner
    FROM media_library_watchrecord record
    WHERE record.organization_id = of_organization AND record.media_id = visit.media_id AND record.user_id = of_user
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN; END IF;

    IF visit.duration IS NOT NULL THEN whole := greatest(floor(visit.duration + 0.5), 1); END IF;
    last_second := coalesce(whole, longest);
    credit_now := least(
        learner.credit + greatest(pace, least(visit.speed, most_pace)) * greatest(extract(epoch FROM moment - learner.credited_at), 0)::float8, last_second + tolerance
    );
    let_in := media_library_first_seconds(
        played * int4multirange(int4range(0, last_second)) - visit.seconds, floor(credit_now)::int
    );
    seen := learner.seconds + let_in;
    visited := visit.seconds + let_in;
    visit_seconds := media_library_count_seconds(visited);
    visit_percent := greatest(visit.percent, least(coalesce(floor(1000.0 * visit_seconds / whole) / 10, 0), 100));

    percent_before := learner.percent;
    seconds_now := media_library_count_seconds(seen);
    percent_now := greatest(learner.percent, least(coalesce(floor(1000.0 * seconds_now / whole) / 10, 0), 100));
    position_now := least(playhead, visit.duration);
    was_completed := learner.completed_at IS NOT NULL;
    is_completed := was_completed OR percent_now >= completed_from;
    is_news := is_completed <> was_completed
        OR width_bucket(percent_now, milestones) <> width_bucket(percent_before, milestones);
    IF is_news AND quiet THEN RETURN NEXT; RETURN; END IF;

    UPDATE media_library_watchrecord record SET
        seconds = seen, watched_seconds = seconds_now, percent = percent_now, position = position_now, updated_at = moment,
        credit = credit_now - media_library_count_seconds(let_in), credited_at = greatest(record.credited_at, moment),
        completed_at = CASE WHEN is_completed THEN coalesce(record.completed_at, moment) END
    WHERE record.id = learner.id;

    UPDATE media_library_watchsession session SET
        seconds = visited, watched_seconds = visit_seconds, percent = visit_percent, completed = visit_percent >= completed_from,
        position = position_now, speed = at_speed, last_beat_at = moment, ended_at = CASE WHEN ending THEN moment END
    WHERE session.id = of_session;

    RETURN NEXT;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("media_library", "0001_initial")]

    operations = [
        migrations.RunSQL(COUNT_SECONDS, "DROP FUNCTION media_library_count_seconds(int4multirange)"),
        migrations.RunSQL(FIRST_SECONDS, "DROP FUNCTION media_library_first_seconds(int4multirange, int)"),
        migrations.RunSQL(COUNT_REPORT, "DROP FUNCTION media_library_count_report"),
    ]
