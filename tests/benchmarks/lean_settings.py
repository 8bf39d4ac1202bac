"""The yardstick's settings: as little Django as a page for a logged-in person can do with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.lean"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",  # says how long an answer is
]
UNUSED = ("allauth", "config.apps", "unfold")
INSTALLED_APPS = [
    *(app for app in INSTALLED_APPS if not app.startswith(UNUSED)),  # noqa: F405
    "django.contrib.admin.apps.SimpleAdminConfig",  # its log only
    *(f"tests.benchmarks.lean_apps.{name}" for name in ("Account", "SecondFactor", "Sessions")),
]
