"""`members/` and `invitations/`: for owners, and for their tokens with the scope `members`."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import DestroyAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import (
    InvitationSerializer,
    InviteAnswersSerializer,
    InviteSerializer,
    MemberSerializer,
)
from accounts.api.views import OrganizationView
from accounts.models import Invitation, Membership, Role
from accounts.models.token import Area
from accounts.services.invitations import resend, revoke
from accounts.services.inviting import invite
from accounts.services.members import change_role, reinstate_member, remove_member, suspend_member
from core.filters import FlagFilter


class MemberFilter(filters.FilterSet):
    suspended = FlagFilter(field_name="is_active", exclude=True)
    email = filters.CharFilter(field_name="user__email", lookup_expr="iexact")

    class Meta:
        model = Membership
        fields = ["role"]


class PeopleView(OrganizationView):
    reads = "members.manage"
    writes = "members.manage"


class MemberView(PeopleView):
    serializer_class = MemberSerializer
    filterset_class: Any = MemberFilter
    lookup_url_kwarg = "membership_id"
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet:
        present = Membership.objects.present_in(self.member_organization)
        return present.select_related("user").order_by(Lower("user__email"))


class MemberList(MemberView, ListAPIView):
    """Who belongs to the organization, by e-mail; suspended members too."""

    area = Area.MEMBERS


class MemberDetail(MemberView, RetrieveAPIView, DestroyAPIView):
    """One member."""

    area = Area.MEMBERS

    @extend_schema(request=MemberSerializer(partial=True), responses=MemberSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change the role, suspend, reinstate. 409 where no owner would be left."""
        member = self.get_object()
        sent = self.get_serializer(member, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        if (suspended := sent.validated_data.get("is_suspended")) is not None:
            member = (suspend_member if suspended else reinstate_member)(member, by=request.user)
        if role := sent.validated_data.get("role"):
            member = change_role(member, role=Role(role), by=request.user)
        return Response(self.get_serializer(member).data)

    def perform_destroy(self, instance: Membership) -> None:
        """End the membership, with its tokens."""
        remove_member(instance, by=self.request.user)


class InvitationView(PeopleView):
    serializer_class: Any = InvitationSerializer
    lookup_url_kwarg = "invitation_id"
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet:
        unanswered = Invitation.objects.unanswered().filter(organization=self.member_organization)
        return unanswered.order_by("-sent_at", "pk")


class InvitationList(InvitationView, ListAPIView):
    """Invitations without an answer, the last sent first."""

    area = Area.MEMBERS

    @extend_schema(request=InviteSerializer, responses=InviteAnswersSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Ask people in, at most 50 at once. Each line that is not empty has its own answer, in the order given."""
        sent = InviteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        role = Role(sent.validated_data["role"])
        answers = invite(self.member_organization, sent.validated_data["emails"], role=role, by=request.user)
        return Response(InviteAnswersSerializer(answers).data)


class InvitationDetail(InvitationView, DestroyAPIView):
    area = Area.MEMBERS

    def perform_destroy(self, instance: Invitation) -> None:
        """Revoke it: its link opens nothing any more."""
        revoke(instance, by=self.request.user)


class ResendInvitation(InvitationView):
    area = Area.MEMBERS

    @extend_schema(request=None, responses=InvitationSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """A new link, valid from today; the old one ends."""
        return Response(self.get_serializer(resend(self.get_object(), by=request.user)).data, status=status.HTTP_200_OK)
