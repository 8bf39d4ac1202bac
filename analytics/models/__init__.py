from analytics.models.event import Event
from analytics.models.retention import DroppedMonth
from analytics.models.rollup import CourseDay, MediaDay, RollupMark

__all__ = ["CourseDay", "DroppedMonth", "Event", "MediaDay", "RollupMark"]
