"""The statements of `watching`. All times are those of the database's clock at the start of the statement."""

#: The learner's record exists, and idle time before the only open visit earns nothing.
OPEN_RECORD = """
INSERT INTO media_library_watchrecord AS record
    (id, organization_id, media_id, user_id, seconds, watched_seconds, percent, position, credit, visit_credit,
     credited_at, again, rounds, told_percent)
VALUES (
    %(id)s, %(organization)s, %(media)s, %(user)s, '{}', 0, 0, 0, %(tolerance)s, %(tolerance)s,
    statement_timestamp(), '{}', 0, 0
)
ON CONFLICT (organization_id, media_id, user_id) DO UPDATE SET credited_at = statement_timestamp()
WHERE NOT EXISTS (
    SELECT FROM media_library_watchsession other
    WHERE other.organization_id = %(organization)s AND other.media_id = %(media)s AND other.user_id = %(user)s
        AND other.ended_at IS NULL AND other.last_beat_at > statement_timestamp() - make_interval(mins => %(stale)s)
)"""

#: One report; the migrations `count_report` and `watching_told` say how it is counted.
REPORT = """
SELECT * FROM media_library_count_report(
    %(organization)s, %(user)s, %(session)s, %(played)s, %(position)s, %(speed)s, %(pace)s, %(ending)s,
    %(tolerance)s, %(most_pace)s, %(longest)s, %(completed_from)s, %(milestones)s, %(quiet)s
)"""

#: Visits of which nothing was heard for long, with what nobody was told of; no two workers take the same.
CLOSE_STALE = """
WITH silent AS (
    SELECT id, watched_seconds - told_seconds AS untold FROM media_library_watchsession
    WHERE organization_id = %(organization)s AND ended_at IS NULL
        AND last_beat_at < statement_timestamp() - make_interval(mins => %(stale)s)
    ORDER BY last_beat_at LIMIT %(at_once)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE media_library_watchsession session
SET ended_at = last_beat_at, left_open = true, told_seconds = greatest(told_seconds, watched_seconds)
FROM silent WHERE session.id = silent.id
RETURNING session.id, silent.untold"""
