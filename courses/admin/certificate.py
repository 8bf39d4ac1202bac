"""Certificates that were issued: found by name or number, revoked, reinstated, with a name put right."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from core.admin import NotedByServices, OrganizationAdmin
from core.forms import OrganizationForm
from courses.certificates.words import verify_address
from courses.models import Certificate
from courses.services.certificates import correct_name, reinstate_certificate, revoke_certificate
from courses.views.certificate import pdf_response


class CertificateForm(OrganizationForm):
    """The name as it stands there, and why it is revoked: with a reason it is."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    because = forms.CharField(
        label=_("Revoke it, because"), required=False, max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Written down for yourselves; learners and the public only see that it was revoked."),
    )  # fmt: skip

    class Meta:
        model = Certificate
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].initial = self.instance.learner_name


@admin.register(Certificate)
class CertificateAdmin(NotedByServices, OrganizationAdmin):
    form = CertificateForm
    list_display = ["number", "learner_name", "course_title", "completed_at", "issued_at", "state"]
    list_filter = ["revoked_at"]
    search_fields = ["number", "learner_name", "course_title", "enrollment__user__email"]
    ordering = ["-issued_at"]
    readonly_fields = [
        "number",
        "course_title",
        "signer",
        "completed_at",
        "issued_at",
        "state",
        "page",
        "file",
        "reason",
    ]
    fields = [
        "name", "because", "number", "course_title", "signer", "completed_at", "issued_at", "state", "page",
        "file", "reason",
    ]  # fmt: skip
    actions_submit_line = ["reinstate"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are issued by completing a course."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was issued is revoked, so that whoever verifies it learns that."""
        return False

    def get_urls(self) -> list[Any]:
        pdf = path("<uuid:certificate_id>/pdf/", self.admin_site.admin_view(self.pdf), name="courses_certificate_pdf")
        return [pdf, *super().get_urls()]

    def pdf(self, request: Any, certificate_id: Any) -> HttpResponse:
        return pdf_response(get_object_or_404(Certificate, pk=certificate_id), request.organization)

    def save_model(self, request: HttpRequest, obj: Certificate, form: Any, change: bool) -> None:
        if "name" in form.changed_data:
            correct_name(obj, name=form.cleaned_data["name"], by=request.user)
        if because := form.cleaned_data["because"].strip():
            revoke_certificate(obj, because=because, by=request.user)
        for pressed in self.get_actions_submit_line(request, obj.pk):
            if pressed.action_name in request.POST:
                pressed.method(request, obj)

    @display(description=_("State"), label={"valid": "success", "revoked": "danger"})
    def state(self, certificate: Certificate) -> tuple[str, Any]:
        return ("valid", _("Valid")) if certificate.revoked_at is None else ("revoked", _("Revoked"))

    @admin.display(description=_("Page to verify it"))
    def page(self, certificate: Certificate) -> SafeString:
        address = verify_address(certificate, certificate.organization)
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description=_("Revoked because"))
    def reason(self, certificate: Certificate) -> str:
        return certificate.revoked_because or "–"

    @action(description=_("Save and reinstate"), permissions=["change"])
    def reinstate(self, request: HttpRequest, certificate: Certificate) -> None:
        reinstate_certificate(certificate, by=request.user)
        self.message_user(request, _("It is valid again."), messages.SUCCESS)

    @admin.display(description=_("PDF"))
    def file(self, certificate: Certificate) -> SafeString:
        address = reverse("admin:courses_certificate_pdf", args=[certificate.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download"))
