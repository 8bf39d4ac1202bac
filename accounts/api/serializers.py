"""Members and invitations as integrators see them."""

from typing import Any

from rest_framework import serializers

from accounts.models import Invitation, Membership, Role
from accounts.models.invitation import InvitationState
from accounts.services.inviting import LONGEST_LINE, MOST_AT_ONCE, Outcome


class MemberSerializer(serializers.ModelSerializer):
    """A member, active or suspended. `role` and `suspended` can be changed."""

    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)
    suspended = serializers.BooleanField(source="is_suspended")
    joined_at = serializers.DateTimeField(source="created_at", read_only=True)
    pseudonym = serializers.UUIDField(
        source="user.pseudonym",
        read_only=True,
        help_text="By which events know them; another one after erasure.",
    )

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "pseudonym", "role", "suspended", "last_active_at", "joined_at"]
        read_only_fields = ["last_active_at"]


class InvitationSerializer(serializers.ModelSerializer):
    """An invitation without an answer. Its link stands in the mail and nowhere else."""

    state = serializers.ChoiceField(choices=InvitationState.choices, read_only=True)

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "state", "sent_at", "expires_at"]
        read_only_fields = fields


class InviteSerializer(serializers.Serializer):
    """Whom to ask, and as what."""

    emails = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_LINE, allow_blank=True), max_length=MOST_AT_ONCE
    )
    role = serializers.ChoiceField(choices=Role.choices, default=Role.LEARNER)


class InviteAnswerSerializer(serializers.Serializer):
    """What became of one line: `invitation` is there for `invited` and `renewed`."""

    line = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    message = serializers.CharField(source="outcome.label")
    invitation = InvitationSerializer(allow_null=True)


class InviteAnswersSerializer(serializers.Serializer):
    results = InviteAnswerSerializer(many=True)

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation({"results": instance})
