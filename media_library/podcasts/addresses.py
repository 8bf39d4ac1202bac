"""Where a show is found from outside."""

from django.conf import settings

from accounts.models import Organization
from core.tenancy import current_organization_id


def feed_url(slug: str) -> str:
    """The whole address of the public feed of a show of the organization in scope. One statement."""
    return feed_url_of(Organization.objects.values_list("slug", flat=True).get(pk=current_organization_id()), slug)


def feed_url_of(organization: str, slug: str) -> str:
    """The same where the slug of the organization is known."""
    return f"{settings.SITE_URL.rstrip('/')}/{organization}/podcasts/{slug}/feed.xml"
