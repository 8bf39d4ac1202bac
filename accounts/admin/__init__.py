from accounts.admin.invitation import InvitationAdmin
from accounts.admin.membership import MembershipAdmin
from accounts.admin.organization import SettingsAdmin
from accounts.admin.tokens import ApiTokenAdmin

__all__ = ["ApiTokenAdmin", "InvitationAdmin", "MembershipAdmin", "SettingsAdmin"]
