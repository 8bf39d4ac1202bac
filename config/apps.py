from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class RoofConfig(AppConfig):
    """Makes the commands of the whole house known: set_up, demo, doctor."""

    name = "config"
    default = True


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "config.back_office.BackOffice"
