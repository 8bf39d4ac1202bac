from analytics.models.alert import OF_ORGANIZATIONS, AlertIncident, AlertRule, Condition, SiteAlertRule
from analytics.models.event import Event
from analytics.models.rollup import CourseDay, MediaDay, RollupMark

__all__ = [
    "OF_ORGANIZATIONS",
    "AlertIncident",
    "AlertRule",
    "Condition",
    "CourseDay",
    "Event",
    "MediaDay",
    "RollupMark",
    "SiteAlertRule",
]
