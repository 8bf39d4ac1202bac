from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """What every app declares, from its jobs to its personal data, is known before the first request or claim."""
        autodiscover_modules("jobs")
        autodiscover_modules("receivers")
        autodiscover_modules("personal_data")
        autodiscover_modules("ai_subjects")
