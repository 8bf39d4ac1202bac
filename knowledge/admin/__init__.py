from knowledge.admin.drafts import DraftAdmin, drafts_panel
from knowledge.admin.labels import LabelAdmin
from knowledge.admin.media_labels import labels_panel

__all__ = ["DraftAdmin", "LabelAdmin", "drafts_panel", "labels_panel"]
