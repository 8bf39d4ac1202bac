"""What stands on a certificate, for the page and for the PDF alike."""

from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Organization
from courses.certificates.pdf import CertificateWords, render_pdf
from courses.models import Certificate

PNG = b"\x89PNG"  # what accounts keep logos as; a file that broke does not take the certificate along
OWN_ACCENT = "#0f766e"  # Lectern's green, where the organization has no color of its own


def certificate_pdf(certificate: Certificate, organization: Organization) -> bytes:
    """A4, tagged; the same bytes each time."""
    return render_pdf(
        certificate_words(certificate, organization), issued_at=certificate.issued_at, logo=_logo(organization),
        fonts=settings.CERTIFICATE_FONTS,
    )  # fmt: skip


def certificate_words(certificate: Certificate, organization: Organization) -> CertificateWords:
    address = verify_address(certificate, organization)
    return CertificateWords(
        language=(get_language() or "en").split("-")[0], accent=organization.accent_color or OWN_ACCENT,
        organization=organization.name, title=_("Certificate"), awarded=_("awarded to"),
        name=certificate.learner_name, completed=_("who has completed the course"), course=certificate.course_title,
        signer=certificate.signer or organization.name, date=_day(certificate.completed_at, organization),
        number_label=_("Certificate"), number=certificate.number, address=address,
        verify=_("Verify at %(address)s") % {"address": address.partition("://")[2]},
    )  # fmt: skip


def verify_address(certificate: Certificate, organization: Organization) -> str:
    """Whole, so that it can be printed and sent."""
    return settings.SITE_URL.rstrip("/") + reverse("verify_certificate", args=[organization.slug, certificate.number])


def _day(moment: datetime, organization: Organization) -> str:
    return date_format(moment.astimezone(organization.zone), "j F Y")


def _logo(organization: Organization) -> bytes:
    if not organization.logo_path or not default_storage.exists(organization.logo_path):
        return b""
    with default_storage.open(organization.logo_path) as logo:
        content: bytes = logo.read()
    return content if content.startswith(PNG) else b""
