from analytics.models.event import Event
from analytics.models.rollup import CourseDay, MediaDay, RollupMark
from analytics.models.webhook import Delivery, DeliveryState, OffReason, WebhookEndpoint

__all__ = [
    "CourseDay",
    "Delivery",
    "DeliveryState",
    "Event",
    "MediaDay",
    "OffReason",
    "RollupMark",
    "WebhookEndpoint",
]
