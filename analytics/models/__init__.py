from analytics.models.event import Event
from analytics.models.record_store import DueVerb, RecordStore, StatementDue
from analytics.models.rollup import CourseDay, MediaDay, RollupMark

__all__ = ["CourseDay", "DueVerb", "Event", "MediaDay", "RecordStore", "RollupMark", "StatementDue"]
