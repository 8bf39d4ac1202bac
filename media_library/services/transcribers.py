"""Who hears words that were written down nowhere: a model on this machine, or a service that may cost something."""

from django.conf import settings

from core.ai.local_speech import local_transcriber_from
from core.ai.transcriber import Transcriber, transcriber_from
from media_library.models import Method
from media_library.services.site import site_configuration


def configured_transcriber() -> Transcriber | None:
    """That of the settings, the free one first; None where there is none, or where the site wants no paid services."""
    local = local_transcriber_from(settings.LOCAL_SPEECH_MODEL)
    if local is not None or not site_configuration().uses_ai:
        return local
    return transcriber_from(settings.SPEECH_API_KEY, settings.SPEECH_BASE_URL, settings.SPEECH_MODEL)


def method_of(transcriber: Transcriber) -> Method:
    return Method.SPEECH if transcriber.is_paid else Method.LOCAL
