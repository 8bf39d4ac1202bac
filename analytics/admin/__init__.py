from analytics.admin.delivery import DeliveryAdmin
from analytics.admin.media_day import MediaDayAdmin
from analytics.admin.media_panel import media_panel
from analytics.admin.webhook import WebhookEndpointAdmin

__all__ = ["DeliveryAdmin", "MediaDayAdmin", "WebhookEndpointAdmin", "media_panel"]
