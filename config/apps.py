from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps

from config import checks  # noqa: F401  (importing them registers them)


class RoofConfig(AppConfig):
    """Makes the commands of the whole house known: set_up, demo, doctor."""

    name = "config"
    default = True


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "config.back_office.BackOffice"
