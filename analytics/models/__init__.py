from analytics.models.event import Event
from analytics.models.record_store import DueVerb, RecordStore, StatementDue
from analytics.models.retention import DroppedMonth
from analytics.models.rollup import CourseDay, MediaDay, RollupMark
from analytics.models.search_day import SearchDay
from analytics.models.webhook import Delivery, DeliveryState, OffReason, WebhookEndpoint

__all__ = [
    "CourseDay",
    "Delivery",
    "DeliveryState",
    "DroppedMonth",
    "DueVerb",
    "Event",
    "MediaDay",
    "OffReason",
    "RecordStore",
    "RollupMark",
    "SearchDay",
    "StatementDue",
    "WebhookEndpoint",
]
