from analytics.models.event import Event
from analytics.models.rollup import CourseDay, MediaDay, RollupMark

__all__ = ["CourseDay", "Event", "MediaDay", "RollupMark"]
