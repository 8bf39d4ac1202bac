from analytics.models.event import Event
from analytics.models.retention import DroppedMonth
from analytics.models.rollup import CourseDay, MediaDay, RollupMark
from analytics.models.search_day import SearchDay

__all__ = ["CourseDay", "DroppedMonth", "Event", "MediaDay", "RollupMark", "SearchDay"]
