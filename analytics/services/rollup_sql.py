"""The statements of `rollup`: what the events of one day come to.

First the day is folded, in one pass, to a row for each (media, course, learner, type), of which there are thirty times
fewer; all figures follow from these. Sums of what is not whole are made in `numeric`, so that they do not depend on the
order of rows. Who is unknown counts once an event.
"""

MEDIA_FIGURES = (
    "views", "viewers", "starts", "watch_seconds", "completions", "completion_rate", "ai_interactions", "viewer_keys",
    "finisher_keys",
)  # fmt: skip
COURSE_FIGURES = (
    "enrollments", "learners", "views", "watch_seconds", "items_completed", "completions", "quizzes_submitted",
    "quizzes_passed", "quiz_percents", "assignments_submitted", "ai_interactions", "learner_keys",
)  # fmt: skip

FOLDED = """
folded AS MATERIALIZED (
    SELECT media_id, course_id, coalesce(learner, CASE WHEN type = 'video_viewed' THEN id END) AS learner, type,
        count(*) AS times, sum(seconds) AS seconds,
        sum((metadata ->> 'percent')::numeric) FILTER (WHERE type = 'quiz_submitted') AS percents,
        count(*) FILTER (WHERE type = 'quiz_submitted' AND metadata ->> 'passed' = 'true') AS passed
    FROM analytics_event
    WHERE organization_id = %(organization)s AND id >= %(start_id)s AND id < %(end_id)s
    GROUP BY 1, 2, 3, 4
)"""

MEDIA = """
of_learners AS (
    SELECT media_id, learner,
        coalesce(sum(times) FILTER (WHERE type = 'video_viewed'), 0) AS views,
        bool_or(type = 'video_started') AS started, bool_or(type = 'video_completed') AS completed,
        coalesce(sum(seconds), 0) AS seconds, coalesce(sum(times) FILTER (WHERE type = 'question_asked'), 0) AS asked
    FROM folded WHERE media_id IS NOT NULL GROUP BY media_id, learner
),
media_now AS MATERIALIZED (
    SELECT media_id AS subject, sum(views) AS views, count(*) FILTER (WHERE views > 0) AS viewers,
        count(*) FILTER (WHERE started) AS starts, sum(seconds) AS watch_seconds,
        count(*) FILTER (WHERE completed) AS completions,
        coalesce(100.0 * count(*) FILTER (WHERE completed AND views > 0)
            / nullif(count(*) FILTER (WHERE views > 0), 0), 0)::float8 AS completion_rate,
        sum(asked) AS ai_interactions,
        coalesce(array_agg(learner ORDER BY learner) FILTER (WHERE views > 0), '{}') AS viewer_keys,
        coalesce(array_agg(learner ORDER BY learner) FILTER (WHERE completed AND learner IS NOT NULL), '{}')
            AS finisher_keys
    FROM of_learners
    WHERE media_id IN (SELECT id FROM media_library_media WHERE organization_id = %(organization)s)
    GROUP BY media_id
    HAVING bool_or(views > 0 OR started OR completed OR seconds > 0 OR asked > 0)
)"""

COURSES = """
courses_now AS MATERIALIZED (
    SELECT course_id AS subject,
        coalesce(sum(times) FILTER (WHERE type = 'learner_enrolled'), 0) AS enrollments,
        count(DISTINCT learner) AS learners,
        coalesce(sum(times) FILTER (WHERE type = 'video_viewed'), 0) AS views,
        coalesce(sum(seconds), 0) AS watch_seconds,
        coalesce(sum(times) FILTER (WHERE type = 'item_completed'), 0) AS items_completed,
        coalesce(sum(times) FILTER (WHERE type = 'course_completed'), 0) AS completions,
        coalesce(sum(times) FILTER (WHERE type = 'quiz_submitted'), 0) AS quizzes_submitted,
        sum(passed) AS quizzes_passed, coalesce(sum(percents), 0)::float8 AS quiz_percents,
        coalesce(sum(times) FILTER (WHERE type = 'assignment_submitted'), 0) AS assignments_submitted,
        coalesce(sum(times) FILTER (WHERE type = 'question_asked'), 0) AS ai_interactions,
        coalesce(array_agg(DISTINCT learner ORDER BY learner) FILTER (WHERE learner IS NOT NULL), '{}') AS learner_keys
    FROM folded
    WHERE course_id IN (SELECT id FROM courses_course WHERE organization_id = %(organization)s)
    GROUP BY course_id
)"""


def _stored(table: str, subject: str, figures: tuple[str, ...], now: str) -> str:
    """Rows of that day become what they are now: written only where they differ, removed where nothing is left."""
    columns, excluded = ", ".join(figures), ", ".join(f"excluded.{figure}" for figure in figures)
    return f"""
{now}_gone AS (
    DELETE FROM {table} WHERE organization_id = %(organization)s AND day = %(day)s
        AND {subject} NOT IN (SELECT subject FROM {now})
    RETURNING 1
),
{now}_written AS (
    INSERT INTO {table} AS stored (id, organization_id, {subject}, day, computed_at, {columns})
    SELECT uuidv7(), %(organization)s, subject, %(day)s, clock_timestamp(), {columns} FROM {now} ORDER BY subject
    ON CONFLICT (organization_id, {subject}, day) DO UPDATE
    SET ({columns}, computed_at) = ROW ({excluded}, excluded.computed_at)
    WHERE ROW ({", ".join(f"stored.{figure}" for figure in figures)}) IS DISTINCT FROM ROW ({excluded})
    RETURNING 1
)"""  # noqa: S608  (no words but ours)


def _different(table: str, subject: str, figures: tuple[str, ...], now: str) -> str:
    """Each figure of that day that is stored otherwise than it would be now: table, subject, figure, stored, now."""
    pairs = ", ".join(f"('{name}', to_jsonb(stored.{name}), to_jsonb({now}.{name}))" for name in figures)
    return f"""
SELECT '{table}', subject, figure, was, is_now
FROM (SELECT {subject} AS subject, * FROM {table} WHERE organization_id = %(organization)s AND day = %(day)s) AS stored
FULL JOIN {now} USING (subject)
CROSS JOIN LATERAL (VALUES {pairs}) AS compared (figure, was, is_now)
WHERE was IS DISTINCT FROM is_now"""  # noqa: S608


_MEDIA = ("analytics_mediaday", "media_id", MEDIA_FIGURES, "media_now")
_COURSE = ("analytics_courseday", "course_id", COURSE_FIGURES, "courses_now")

#: Thirty events fold into one: a hash of them fits, sorting them first would take twice as long.
ROOM = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"

#: Writes one day and answers how many rows changed.
ROLL_UP = f"""
WITH {FOLDED}, {MEDIA}, {COURSES}, {_stored(*_MEDIA)}, {_stored(*_COURSE)}
SELECT (SELECT count(*) FROM media_now_gone) + (SELECT count(*) FROM media_now_written)
    + (SELECT count(*) FROM courses_now_gone) + (SELECT count(*) FROM courses_now_written)"""  # noqa: S608

#: What one day would change.
COMPARE = f"WITH {FOLDED}, {MEDIA}, {COURSES} {_different(*_MEDIA)} UNION ALL {_different(*_COURSE)} ORDER BY 1, 2, 3"

#: Days of the organization's time zone of which something arrived since.
TOUCHED = """
SELECT DISTINCT (occurred_at AT TIME ZONE %(zone)s)::date FROM analytics_event
WHERE organization_id = %(organization)s AND received_at >= %(since)s AND id >= %(since_id)s"""
