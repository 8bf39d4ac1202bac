from knowledge.admin.drafts import DraftAdmin, drafts_panel

__all__ = ["DraftAdmin", "drafts_panel"]
