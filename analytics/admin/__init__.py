from analytics.admin.alerts import AlertRuleAdmin, SiteAlertRuleAdmin
from analytics.admin.delivery import DeliveryAdmin
from analytics.admin.media_day import MediaDayAdmin
from analytics.admin.media_panel import media_panel
from analytics.admin.webhook import WebhookEndpointAdmin

__all__ = [
    "AlertRuleAdmin",
    "DeliveryAdmin",
    "MediaDayAdmin",
    "SiteAlertRuleAdmin",
    "WebhookEndpointAdmin",
    "media_panel",
]
