from analytics.models.event import Event
from analytics.models.rollup import MediaDay, RollupMark

__all__ = ["Event", "MediaDay", "RollupMark"]
