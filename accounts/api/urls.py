"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from accounts.api import members, settings, tokens

urlpatterns = [
    path("organization/", settings.OrganizationSettings.as_view(), name="api_organization"),
    path("members/", members.MemberList.as_view(), name="api_members"),
    path("members/<uuid:membership_id>/", members.MemberDetail.as_view(), name="api_member"),
    path("invitations/", members.InvitationList.as_view(), name="api_invitations"),
    path("invitations/<uuid:invitation_id>/", members.InvitationDetail.as_view(), name="api_invitation"),
    path("invitations/<uuid:invitation_id>/resend/", members.ResendInvitation.as_view(), name="api_resend_invitation"),
    path("tokens/", tokens.TokenList.as_view(), name="api_tokens"),
    path("tokens/<uuid:token_id>/", tokens.TokenDetail.as_view(), name="api_token"),
]
