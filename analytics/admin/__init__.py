from analytics.admin.alerts import AlertRuleAdmin, SiteAlertRuleAdmin
from analytics.admin.media_day import MediaDayAdmin

__all__ = ["AlertRuleAdmin", "MediaDayAdmin", "SiteAlertRuleAdmin"]
