from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Every app's jobs, subscriptions and personal data are known before the first request or claim."""
        autodiscover_modules("jobs")
        autodiscover_modules("receivers")
        autodiscover_modules("personal_data")
