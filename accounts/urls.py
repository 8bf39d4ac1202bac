"""Addresses of an organization's people and looks, below `/<organization>/`."""

from django.urls import path

from accounts.views import branding, invitations, members

app_name = "accounts"
urlpatterns = [
    path("members/", members.member_list, name="members"),
    path("members/invitations/", invitations.invitation_list, name="invitations"),
    path("members/invitations/<uuid:invitation_id>/resend/", invitations.resend, name="resend_invitation"),
    path("members/invitations/<uuid:invitation_id>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("members/<uuid:membership_id>/", members.member, name="member"),
    path("members/<uuid:membership_id>/suspend/", members.suspend, name="suspend_member"),
    path("members/<uuid:membership_id>/reinstate/", members.reinstate, name="reinstate_member"),
    path("members/<uuid:membership_id>/remove/", members.remove, name="remove_member"),
    path("branding/accent.css", branding.accent, name="accent"),
    path("branding/logo/<str:name>", branding.logo, name="logo"),
]
