"""Which addresses may be gone to: those of the public internet, and those that the operator set."""

import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from typing import TypeVar

from urllib3.util import parse_url
from urllib3.util.connection import allowed_gai_family

from core.fetch.errors import FetchError
from core.fetch.limits import present_limits

T = TypeVar("T")
PORTS = {"http": 80, "https": 443}
ALLOWED_PORTS = frozenset({80, 443, 8080, 8443})
MOST_ADDRESSES = 4  # of one name that are tried
#: Names that mean something else in every network. What has no dot is one as well.
INSIDE = (".localhost", ".local", ".internal", ".intranet", ".private", ".corp", ".lan", ".home", ".home.arpa")
NAME = re.compile(r"[a-z0-9_.-]+")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
#: IPv6 addresses that stand for an IPv4 address in networks without IPv4; the others that do are refused as a whole.
NAT64 = ip_network("64:ff9b::/96")
#: Those that Python 3.11 takes for global: of protocols, of tunnels (Teredo, 6to4), of sites, and of examples.
NOT_PUBLIC = tuple(
    ip_network(one)
    for one in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/32", "2001::/23", "2002::/16", "3fff::/20",
        "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


def origin_of(url: str) -> str:
    """`https://host` or `https://host:8443` of an address; empty for what has none."""
    try:
        parts = parse_url(url)
    except ValueError:
        return ""
    return origin(parts.scheme, parts.host, parts.port) if parts.scheme and parts.host else ""


def origin(scheme: str, host: str, port: int | None) -> str:
    name = host.strip("[]").lower()
    shown = f"[{name}]" if ":" in name else name
    usual = port is None or port == PORTS.get(scheme)
    return f"{scheme}://{shown}" if usual else f"{scheme}://{shown}:{port}"


def refuse_odd_address(url: str, trusted: Iterable[str]) -> None:
    """Judge what can be judged without asking anybody. Raises FetchError `blocked_address`, ValueError."""
    parts = parse_url(url)
    if parts.scheme not in PORTS or not parts.host or parts.auth is not None:
        raise blocked("It is no plain http or https address.")
    if origin(parts.scheme, parts.host, parts.port) in trusted:
        return
    if (parts.port if parts.port is not None else PORTS[parts.scheme]) not in ALLOWED_PORTS:
        raise blocked(f"Port {parts.port} is none of the web.")
    refuse_inside_name(parts.host)


def refuse_inside_name(host: str) -> None:
    """Names that are no public ones, and numbers in all but the usual spelling: others read them differently."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ip_address(name)
    except ValueError:
        is_usual = NAME.fullmatch(name) and "." in name and not NUMBER.fullmatch(name.rpartition(".")[2])
        if not is_usual or name.endswith(INSIDE):
            raise blocked(f"{host} is no public name.") from None
        return
    if not is_public(address):
        raise blocked(f"{host} is no public address.")


def public_addresses(host: str, port: int) -> list[str]:
    """Resolve a name, once. Raises FetchError `blocked_address` unless all that it has are public, OSError."""
    addresses = resolved(host, port)
    inside = [one for one in addresses if not is_public(ip_address(one))]
    if inside or not addresses:
        raise blocked(f"{host} is at {', '.join(inside) or 'no address'}.")
    return addresses[:MOST_ADDRESSES]


def resolved(host: str, port: int) -> list[str]:
    """Within the time that the request has left. Raises OSError."""
    look_up = partial(socket.getaddrinfo, host, port, allowed_gai_family(), socket.SOCK_STREAM)
    found = _in_time(look_up, seconds=present_limits().wait(None))
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _in_time(work: Callable[[], T], *, seconds: float) -> T:
    """For what knows no limit of its own: it goes on unheard where it takes longer. Raises TimeoutError."""
    outcome: Future[T] = Future()

    def do() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # whatever it is, it belongs to who waits
            outcome.set_exception(error)

    Thread(target=do, daemon=True).start()
    return outcome.result(seconds)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (inner := _meant(address)) is not None:
        return is_public(inner)
    if address.is_multicast or address.is_reserved or any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global


def blocked(detail: str) -> FetchError:
    return FetchError("blocked_address", detail)


def _meant(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that is really gone to."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address.ipv4_mapped
