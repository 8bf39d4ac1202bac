from core.models.audit import AuditEntry
from core.models.job import LIVE_STATES, Job, JobState, Lane
from core.models.mail import MailState, OutgoingMail

__all__ = ["LIVE_STATES", "AuditEntry", "Job", "JobState", "Lane", "MailState", "OutgoingMail"]
