"""For the yardstick's settings: tables that our code names, without what their owners want to do in each request."""

from django.apps import AppConfig


class Account(AppConfig):
    name = "allauth.account"


class SecondFactor(AppConfig):
    name = "allauth.mfa"


class Sessions(AppConfig):
    name = "allauth.usersessions"
