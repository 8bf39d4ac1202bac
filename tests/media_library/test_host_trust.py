"""An origin may be anywhere only where the operator set it: what a host is called by default has to be public."""

import socket

import pytest
from django.conf import settings as real

from core.fetch import FetchError, network_allowed
from media_library.services.hosts import access_to
from media_library.sources import SOURCES
from tests.core.internet import Internet, Listener


@pytest.mark.parametrize("name", SOURCES)
def test_no_origin_of_the_defaults_is_trusted(name, scope, settings):
    settings.SOURCES = {name: {option.name: option.default for option in SOURCES[name].options}}

    assert access_to(SOURCES[name]).http.trusted == frozenset()


def test_what_the_operator_set_is_trusted_and_a_proxy_is_not(scope, settings):
    options = {**real.SOURCES["youtube"], "web_url": "http://127.0.0.1:8080/x", "proxy": "http://10.0.0.1:3128"}
    settings.SOURCES = {"youtube": options}

    assert access_to(SOURCES["youtube"]).http.trusted == frozenset({"http://127.0.0.1:8080"})


def test_host_whose_name_leads_inside_is_not_gone_to(scope, monkeypatch):
    listener = Listener()
    internet = Internet(listener, {"www.loom.com": [["10.0.0.5"]]})
    monkeypatch.setattr(socket, "getaddrinfo", internet.look_up)

    with network_allowed(), pytest.raises(FetchError) as caught:
        access_to(SOURCES["loom"]).http.get("https://www.loom.com/v1/oembed")

    listener.close()
    assert (caught.value.code, internet.lookups) == ("blocked_address", ["www.loom.com"])
