from analytics.models.event import Event
from analytics.models.rollup import MediaDay

__all__ = ["Event", "MediaDay"]
