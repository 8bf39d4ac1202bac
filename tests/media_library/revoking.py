"""Ways in which somebody ceases to be allowed to watch something; each is to be called in its organization's scope."""

from django.utils import timezone

from accounts.models import Membership
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from media_library.models import Media, Publication


def unpublish(media, user):
    Media.objects.update(publication=Publication.DRAFT)


def archive(media, user):
    Media.objects.update(publication=Publication.ARCHIVED)


def suspend(media, user):
    Membership.objects.filter(user=user).update(is_active=False)


def leave(media, user):
    Membership.objects.filter(user=user).update(is_active=False, removed_at=timezone.now())


def close_account(media, user):
    user.is_active = False
    user.save()


def put_behind_a_door(media, user):
    course = Course.objects.create(title="C", slug="c", is_published=True)
    chapter = Chapter.objects.create(course=course, title="1", position=1)
    ContentItem.objects.create(chapter=chapter, type=ItemType.VIDEO, title="I", position=1, media=media)
    return course


def unenroll(media, user):
    Enrollment.objects.all().delete()


REVOCATIONS = [unpublish, archive, suspend, leave, close_account, put_behind_a_door]
