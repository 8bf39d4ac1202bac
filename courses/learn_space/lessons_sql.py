"""The two statements of the hottest page.

As query sets they took longer to be built and compiled than to be executed, on every view of every lesson. What the
scoped manager adds elsewhere stands here in words: the organization of the row that is read first. Its keys cannot
leave that organization (core.tenancy).
"""

from courses.progress.counting import COUNTS, DONE

#: One item as this person finds it, what is not published as a maker's preview; columns in the order of
#: `courses.learn_space.lessons.LessonItem`.
ITEM = """
SELECT item.id, item.title, item.type, item.description, item.text, item.is_required, item.estimated_minutes,
       item.media_id, item.quiz_id, quiz.pass_mark, quiz.max_attempts,
       chapter.title, course.id, course.title, course.is_published,
       mine.id, mine.last_item_id, mine.last_accessed_at, course.awards_certificate, item.metadata,
       mine.started_at, mine.ends_at, course.opens_at, course.closes_at,
       chapter.availability <> '{}' OR item.availability <> '{}',
       courses_needed_percent(item.watched_from, course.watched_from, course.watched_slides, media.duration,
           course.organization_id)
FROM courses_contentitem item
JOIN courses_chapter chapter ON chapter.id = item.chapter_id
JOIN courses_course course ON course.id = chapter.course_id
LEFT JOIN media_library_media media ON media.id = item.media_id
LEFT JOIN courses_quiz quiz ON quiz.id = item.quiz_id
LEFT JOIN courses_enrollment mine ON mine.course_id = course.id AND mine.user_id = %(user)s AND mine.is_active
  AND item.state = 'published' AND course.is_published
WHERE item.id = %(item)s AND item.organization_id = %(organization)s AND course.slug = %(course)s
  AND (%(drafts)s OR (item.state = 'published' AND course.is_published))
"""

#: All items of a course in order; columns in the order of `courses.learn_space.outline.OutlineRow`.
OUTLINE = f"""
SELECT chapter.id, chapter.title, item.id, item.title, item.type, item.state, item.is_required, item.estimated_minutes,
       media.duration, done.reason, seen.position, seen.percent, {COUNTS}, {DONE},
       NULLIF(chapter.availability, '{{}}'), NULLIF(item.availability, '{{}}')
FROM courses_chapter chapter
JOIN courses_contentitem item ON item.chapter_id = chapter.id
LEFT JOIN media_library_media media ON media.id = item.media_id
LEFT JOIN courses_completion done ON done.item_id = item.id AND done.enrollment_id = %(enrollment)s
LEFT JOIN media_library_watchrecord seen ON seen.media_id = item.media_id AND seen.user_id = %(user)s
WHERE chapter.course_id = %(course)s AND chapter.organization_id = %(organization)s
  AND (%(drafts)s OR item.state = 'published')
ORDER BY chapter.position, item.position
"""  # noqa: S608 (made of constants)
