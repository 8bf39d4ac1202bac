from analytics.models.event import Event
from analytics.models.retention import DroppedMonth
from analytics.models.rollup import CourseDay, MediaDay, RollupMark
from analytics.models.search_day import SearchDay
from analytics.models.webhook import Delivery, DeliveryState, OffReason, WebhookEndpoint

__all__ = [
    "CourseDay",
    "Delivery",
    "DeliveryState",
    "DroppedMonth",
    "Event",
    "MediaDay",
    "OffReason",
    "RollupMark",
    "SearchDay",
    "WebhookEndpoint",
]
