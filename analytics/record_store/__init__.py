"""The way to an organization's learning record store (LRS), over the one guarded client."""

from analytics.record_store.door import Door, Failed

__all__ = ["Door", "Failed"]
