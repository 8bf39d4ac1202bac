"""A learner's certificate, and the page on which anybody verifies one."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organization
from accounts.views.branding import send_accent, send_logo
from core.tenancy import organization_scope
from courses.access import find_known_course
from courses.certificates.words import certificate_pdf, certificate_words
from courses.models import Certificate, CourseCompletion, Enrollment
from courses.progress.counting import standing_of
from courses.services.certificates import find_certificate, issue_certificate
from courses.views.refusals import refusals_told


@require_http_methods(["GET", "POST"])
def certificate(request: Any, organization: str, course: str) -> HttpResponse:
    """One's own: what it says, or what is still missing; issued here where completing the course did not do it."""
    enrollment = _own_enrollment(request, course)
    if request.method == "POST":
        with refusals_told(request):
            issue_certificate(enrollment, name=request.POST.get("name", ""))
        return redirect("courses:certificate", organization=organization, course=course)
    held = _held(enrollment)
    context = {
        "course": enrollment.course, "certificate": held, "at": standing_of(enrollment.pk),
        "words": certificate_words(held, request.organization) if held else None,
        "is_completed": CourseCompletion.objects.filter(enrollment=enrollment).exists(),
    }  # fmt: skip
    return render(request, "courses/certificate.html", context)


@require_safe
def certificate_file(request: Any, organization: str, course: str) -> HttpResponse:
    held = _held(_own_enrollment(request, course))
    if held is None or held.revoked_at is not None:
        raise Http404
    return pdf_response(held, request.organization)


@login_not_required
@require_safe
def find_by_number(request: HttpRequest, school: str) -> HttpResponse:
    """Type a number; also where nobody but members sees the organization, since employers ask."""
    number = "".join(sign for sign in request.GET.get("number", "") if sign.isalnum() or sign == "-")[:40]
    if number:
        return redirect("verify_certificate", school=school, number=number)
    return render(request, "courses/verify.html", {"school": _school(school), "number": ""})


@login_not_required
@require_safe
def verify(request: HttpRequest, school: str, number: str) -> HttpResponse:
    """Whoever knows the number may know that it is real, whose it is, and whether it still stands."""
    owner = _school(school)
    with organization_scope(owner), timezone.override(owner.time_zone):
        found = find_certificate(number)
        words = certificate_words(found, owner) if found else None
        context = {"school": owner, "certificate": found, "words": words, "number": number}
        return render(request, "courses/verify.html", context, status=200 if found else 404)


@login_not_required
@require_safe
def school_accent(request: HttpRequest, school: str) -> HttpResponse:
    """How the pages to verify a certificate look; anybody sees those, also of a closed organization."""
    return send_accent(_school(school), version=request.GET.get("v", ""))


@login_not_required
@require_safe
def school_logo(request: HttpRequest, school: str, name: str) -> FileResponse:
    return send_logo(_school(school), name)


def pdf_response(held: Certificate, organization: Organization) -> HttpResponse:
    response = HttpResponse(certificate_pdf(held, organization), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{held.number}.pdf"'
    return response


def _own_enrollment(request: Any, course: str) -> Enrollment:
    """Also one that has ended, and of a course that is no longer shown: what was earned is kept."""
    found = find_known_course(course, user=request.user, organization=request.organization)
    enrollment: Enrollment = get_object_or_404(Enrollment, course=found.pk, user=request.user)
    enrollment.course, enrollment.user = found, request.user
    return enrollment


def _held(enrollment: Enrollment) -> Certificate | None:
    return Certificate.objects.filter(enrollment=enrollment).first()


def _school(slug: str) -> Organization:
    return get_object_or_404(Organization, slug=slug)
