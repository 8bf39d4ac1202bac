from knowledge.admin.labels import LabelAdmin
from knowledge.admin.media_labels import labels_panel

__all__ = ["LabelAdmin", "labels_panel"]
