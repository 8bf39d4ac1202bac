"""The last question before a web process answers anybody. `run_worker` and every other command ask it by themselves."""

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from config.checks import START


def refuse_unsafe_start() -> None:
    """Raises ImproperlyConfigured with a sentence for each thing that is wrong, naming its variable."""
    wrong = [found for found in run_checks(tags=[START]) if found.is_serious()]
    if wrong:
        sentences = "\n".join(f"{found.msg} {found.hint or ''}".strip() for found in wrong)
        raise ImproperlyConfigured(f"Lectern does not start like this.\n{sentences}")
