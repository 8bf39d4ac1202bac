from core.models.job import Job

__all__ = ["Job"]
