from accounts.models.export import DataExport
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership, Role
from accounts.models.organization import Organization, Plan
from accounts.models.token import ApiToken
from accounts.models.try_window import TryWindow
from accounts.models.user import User

__all__ = ["ApiToken", "DataExport", "Invitation", "Membership", "Organization", "Plan", "Role", "TryWindow", "User"]
