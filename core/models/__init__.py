from core.models.ai_call import AiCall, CallState, RequestPace, Unit
from core.models.audit import AuditEntry
from core.models.job import LIVE_STATES, Job, JobState, Lane
from core.models.mail import MailState, OutgoingMail

__all__ = [
    "LIVE_STATES",
    "AiCall",
    "AuditEntry",
    "CallState",
    "Job",
    "JobState",
    "Lane",
    "MailState",
    "OutgoingMail",
    "RequestPace",
    "Unit",
]
