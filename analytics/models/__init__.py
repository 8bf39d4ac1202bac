from analytics.models.event import Event
from analytics.models.rollup import CourseDay, MediaDay, RollupMark
from analytics.models.search_day import SearchDay

__all__ = ["CourseDay", "Event", "MediaDay", "RollupMark", "SearchDay"]
