from django.db import migrations

# That a course was completed has a row of its own; what was earned at quizzes is kept as a grade.
COMPLETED = """
INSERT INTO courses_coursecompletion (id, organization_id, enrollment_id, completed_at, counted)
SELECT gen_random_uuid(), organization_id, id, completed_at, '[]' FROM courses_enrollment WHERE completed_at IS NOT NULL"""
EARNED = """
INSERT INTO courses_grade (id, organization_id, enrollment_id, item_id, percent, updated_at)
SELECT gen_random_uuid(), attempt.organization_id, attempt.enrollment_id, item.id,
       max(trunc(100 * attempt.points / attempt.points_possible, 2)), max(attempt.submitted_at)
FROM courses_attempt attempt JOIN courses_contentitem item ON item.quiz_id = attempt.quiz_id
WHERE attempt.points_possible > 0
GROUP BY attempt.organization_id, attempt.enrollment_id, item.id"""
STARTED = "UPDATE courses_attempt SET started_at = submitted_at"
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_courses_that_people_finish"),
    ]

    operations = [
        migrations.RunSQL([COMPLETED, EARNED, STARTED, CHECKED], migrations.RunSQL.noop),
        migrations.RemoveField(model_name="enrollment", name="completed_at"),
    ]
