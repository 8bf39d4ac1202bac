"""The statements of `watching`. All times are those of the database's clock at the start of the statement."""

#: The learner's record exists, and idle time before the only open visit earns nothing.
OPEN_RECORD = """
INSERT INTO media_library_watchrecord AS record
    (id, organization_id, media_id, user_id, seconds, watched_seconds, percent, position, credit, credited_at)
VALUES (%(id)s, %(organization)s, %(media)s, %(user)s, '{}', 0, 0, 0, %(tolerance)s, statement_timestamp())
ON CONFLICT (organization_id, media_id, user_id) DO UPDATE SET credited_at = statement_timestamp()
WHERE NOT EXISTS (
    SELECT FROM media_library_watchsession other
    WHERE other.organization_id = %(organization)s AND other.media_id = %(media)s AND other.user_id = %(user)s
        AND other.ended_at IS NULL AND other.last_beat_at > statement_timestamp() - make_interval(mins => %(stale)s)
)"""

#: One report; the migration `count_report` says how it is counted.
REPORT = """
SELECT * FROM media_library_count_report(
    %(organization)s, %(user)s, %(session)s, %(played)s, %(position)s, %(speed)s, %(pace)s, %(ending)s,
    %(tolerance)s, %(most_pace)s, %(longest)s, %(completed_from)s, %(milestones)s, %(quiet)s
)"""

CLOSE_STALE = """
UPDATE media_library_watchsession SET ended_at = last_beat_at
WHERE ended_at IS NULL AND last_beat_at < now() - make_interval(mins => %(stale)s)"""
