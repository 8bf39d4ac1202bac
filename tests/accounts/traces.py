"""A person who has left traces everywhere, and what everybody's traces look like in the database."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from accounts.models import Invitation, Membership, Role, User
from accounts.models.token import Area
from accounts.services.tokens import create_token
from analytics.services.events import track
from analytics.services.rollup import roll_up
from core.audit import record
from core.mail import send_mail
from core.secrets import digest_of
from courses.models import Attempt, Course, Enrollment, Quiz
from media_library.models import WatchRecord
from tests.analytics.conftest import add_media, complete, visit
from tests.conftest import PASSWORD

ADDRESS, OLD_ADDRESS, NAME = "dorothea.quill@personal.test", "thea@personal.test", "Dorothea Quillfeather"
NOW = timezone.now


def somebody(*, password=PASSWORD):
    user = User.objects.create_user(ADDRESS, password, name=NAME)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=OLD_ADDRESS, verified=True)
    user.groups.add(Group.objects.create(name="Testers"))
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "sealed", "used_mask": 0})
    UserSession.objects.create(user=user, session_key="k" * 32, ip="192.0.2.7", user_agent="Firefox/1 Linux")
    content_type = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id=str(user.pk), object_repr=NAME, action_flag=ADDITION
    )
    return user


def make_member(user, organization, *, by, role=Role.CREATOR):
    """A member with a token, invitations both ways, an audit trail and mails."""
    membership = Membership.objects.create(user=user, organization=organization, role=role)
    create_token(membership, name="Token", scopes=[f"{Area.COURSES}:read"])
    expires = {"organization": organization, "expires_at": NOW() + timedelta(days=7)}
    mine = Invitation.objects.create(
        email=OLD_ADDRESS.upper(), digest=digest_of(f"{organization.slug} in"), accepted_by=user, accepted_at=NOW(),
        invited_by=by, **expires,
    )  # fmt: skip
    theirs = Invitation.objects.create(
        email="guest@example.test", digest=digest_of(f"{organization.slug} out"), invited_by=user, **expires
    )
    record("member_added", by=by, row=membership, detail=role)
    record("invitation_sent", by=by, row=mine)
    record("invitation_sent", by=user, row=theirs)
    record("noted", by=by, detail=f"Asked by {ADDRESS.upper()}")
    context = {"link": "https://learn.test/", "days": 7}
    for address in (ADDRESS, OLD_ADDRESS):
        send_mail("accounts/mail/export_ready", to=address, context=context, organization=organization)
    return membership


def learn(user, organization, *, others):
    """Watching, lessons, a quiz and a search, together with others; all of it rolled up. Answers the media."""
    media = add_media("Tides")
    media.creator = user
    media.save()
    for days_ago in (3, 2, 1):
        moment = (NOW() - timedelta(days=days_ago)).replace(hour=9)  # the hours after it are of the same day
        for person in (user, *others):
            visit(media, person, at=moment)
        visit(media, user, at=moment + timedelta(hours=1))
        complete(media, (user, *others)[days_ago % (1 + len(others))], at=moment + timedelta(hours=2))
    complete(media, user, at=moment)
    WatchRecord.objects.create(media=media, user=user, seconds=[(0, 5)], watched_seconds=5, percent=50)
    course = Course.objects.create(title="Tides", slug="tides", created_by=user)
    course.instructors.add(user, *others)
    enrollment = Enrollment.objects.create(course=course, user=user)
    quiz = Quiz.objects.create(title="Tides?")
    Attempt.objects.create(
        quiz=quiz, enrollment=enrollment, number=1, answers={"q": f"I, {NAME}"}, results={"q": 1}, points=1,
        points_possible=1,
    )  # fmt: skip
    track("search_made", learner=user.pseudonym, metadata={"query": f"about {NAME}", "results": 0})
    track("video_uploaded", actor=user.pseudonym, media_id=media.pk, metadata={"size": 1, "format": "mp4"})
    roll_up(organization, first=(NOW() - timedelta(days=5)).date(), rebuild=True)
    return media


def dump():
    """Every row of every table, as text, in lower case."""
    with connection.cursor() as cursor:
        return "\n".join(
            f"{table}: {row}".lower()
            for table in connection.introspection.table_names(cursor)
            for row in _rows(cursor, table)
        )


def _rows(cursor, table):
    cursor.execute(f'SELECT kept::text FROM "{table}" AS kept')  # noqa: S608  (a name the database gave us)
    return [row for (row,) in cursor.fetchall()]


def rollups():
    """Every byte of the figures; by which keys learners were counted is another matter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(figures) - 'viewer_keys' - 'finisher_keys' FROM analytics_mediaday AS figures ORDER BY id"
        )
        return cursor.fetchall()
