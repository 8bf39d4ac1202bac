"""Nothing of ours goes where it must not, whatever addresses, names and redirects say."""

import socket
from ipaddress import ip_address

import pytest

from core.fetch import Fetcher, FetchError, GuardedAdapter, network_allowed, origin_of
from core.fetch.addresses import is_public
from tests.core.internet import PUBLIC, PUBLIC_6, Internet, Listener, certified, led_to, page

#: Each leads inside, or would where something else read it. None of them may cost a packet.
INSIDE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:8080/admin",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.000.000.001/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0x7f.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.5/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254.:80/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xA9FEA9FE/",
    "http://0251.0376.0251.0376/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::1]:8080/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:53aa:64c:0:0:80ff:fffe]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://redis/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://app.localhost/",
    "http://inside.test/",
    "http://mixed.test/",
    "http://mixed6.test/",
    "http://many.test/",
    "https://inside.test/",
    "http://mapped.test/",
    "http://nowhere.test/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://127.0.0.1%00.public.test/",
    "http://public.test@127.0.0.1/",
    "http://public.test:80@127.0.0.1/",
    "http://user:secret@public.test/",
    "http://127.0.0.1#@public.test/",
    "http://127.0.0.1\\@public.test/",
    "http://public.test:22/",
    "http://public.test:6379/",
    "http://127.0.0.1:0/",
    "http://public.test:99999/",
    "http:///127.0.0.1/",
    "http:127.0.0.1",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "ftp://public.test/",
    "gopher://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "javascript:alert(1)",
]

NAMES = {
    "public.test": [[PUBLIC]],
    "both.test": [[PUBLIC_6, PUBLIC]],
    "other.test": [["93.184.216.35"]],
    "inside.test": [["10.0.0.5"]],
    "mixed.test": [[PUBLIC, "127.0.0.1"]],
    "mixed6.test": [[PUBLIC, "::1"]],
    "many.test": [[*[f"93.184.216.{n}" for n in range(1, 30)], "192.168.1.1"]],
    "mapped.test": [["::ffff:10.0.0.1"]],
    "nowhere.test": [[]],
    "rebound.test": [[PUBLIC], ["127.0.0.1"]],
    "turned.test": [["127.0.0.1"], [PUBLIC]],
    "localhost": [["127.0.0.1"]],
    "redis": [["172.18.0.2"]],
    "printer.local": [[PUBLIC]],
    "metadata.google.internal": [["169.254.169.254"]],
    "app.localhost": [["127.0.0.1"]],
}


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def internet(listener, monkeypatch):
    return plugged(Internet(listener, {name: list(answers) for name, answers in NAMES.items()}), monkeypatch)


@pytest.fixture
def out():
    with network_allowed():
        yield


def plugged(internet, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", internet.look_up)
    monkeypatch.setattr(socket.socket, "connect", lambda sock, address: internet.connect(sock, address))
    monkeypatch.setattr("urllib3.util.connection.HAS_IPV6", True)
    return internet


def code_of(url, fetcher=None):
    with pytest.raises(FetchError) as caught:
        (fetcher or Fetcher()).get(url)
    return caught.value.code


def is_whole(url):
    """What names no host is read relative to the page that redirects."""
    return "://" in url and not url.startswith("http:///")


def head_of(listener, path):
    """The header lines of a request, in lower case."""
    head = next(one for one in listener.heads if one.split(" ")[1].partition("?")[0] == path)
    return dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)


def test_no_address_leads_inside(internet, listener, out):
    codes = {url: code_of(url) for url in INSIDE}

    assert len(codes) == 78
    assert {url: code for url, code in codes.items() if code != "blocked_address"} == {}
    assert (internet.gone_to, listener.connections) == ([], 0)


def test_no_redirect_leads_inside(internet, listener, out):
    for number, url in enumerate(INSIDE):
        listener.answer(f"/{number}", led_to(url.encode().decode("latin1")))
    told = {url: code_of(f"http://public.test/{number}") for number, url in enumerate(INSIDE) if is_whole(url)}

    assert len(told) == 74
    assert {url: code for url, code in told.items() if code != "blocked_address"} == {}
    assert {address for address, _ in internet.gone_to} == {PUBLIC}
    assert listener.connections == len(told)


def test_a_public_name_is_gone_to_and_its_answer_given(internet, listener, out):
    listener.answer("/page", page(b'{"a": 1}', "404 Not Found", X_Own="Word"))

    answer = Fetcher().get("http://public.test/page", params={"q": "a b"})

    assert (answer.status, answer.json(), answer.text) == (404, {"a": 1}, '{"a": 1}')
    assert (answer.url, answer.headers["x-own"]) == ("http://public.test/page?q=a+b", "Word")
    assert internet.gone_to == [(PUBLIC, 80)]


def test_the_name_is_resolved_once_and_that_address_connected_to(internet, out):
    Fetcher().get("http://rebound.test/")

    assert (internet.lookups, internet.gone_to) == (["rebound.test"], [(PUBLIC, 80)])
    assert code_of("http://rebound.test/") == "blocked_address"
    assert len(internet.gone_to) == 1


def test_a_name_that_turns_public_is_refused_at_its_first_answer(internet, out):
    assert code_of("http://turned.test/") == "blocked_address"
    assert (internet.lookups, internet.gone_to) == (["turned.test"], [])


def test_the_next_address_is_tried_where_the_first_is_not_there(internet, monkeypatch, out):
    def only_the_second(sock, address):
        if address[0] == PUBLIC_6:
            internet.gone_to.append(address[:2])
            raise ConnectionRefusedError
        internet.connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", only_the_second)

    answer = Fetcher().get("http://both.test/")

    assert (answer.status, internet.lookups) == (200, ["both.test"])
    assert internet.gone_to == [(PUBLIC_6, 80), (PUBLIC, 80)]


def test_a_name_that_nobody_knows_is_a_matter_of_the_network(internet, out):
    assert code_of("http://unknown.test/") == "network"


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


def test_tls_is_verified_for_the_name_and_names_it(tmp_path, monkeypatch, out):
    context, authority = certified("public.test", tmp_path)
    asked_for = []
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    listener = Listener(context)
    internet = plugged(Internet(listener, dict(NAMES)), monkeypatch)
    session = Fetcher().session()
    session.verify = str(authority)

    answer = session.get("https://public.test/")
    stranger = code_of("https://public.test/")
    with pytest.raises(FetchError) as misnamed:
        session.get("https://other.test/")
    with pytest.raises(FetchError) as careless:
        Fetcher().session().get("https://public.test/", verify=False)

    listener.close()
    assert (answer.text, stranger) == ("hello", "network")
    assert (misnamed.value.code, careless.value.code) == ("network", "network")
    assert "other.test" in misnamed.value.detail
    assert asked_for == ["public.test", "public.test", "other.test", "public.test"]
    assert {port for _, port in internet.gone_to} == {443}


def test_never_from_https_to_http(tmp_path, monkeypatch, out):
    context, authority = certified("public.test", tmp_path)
    listener = Listener(context)
    internet = plugged(Internet(listener, dict(NAMES)), monkeypatch)
    listener.answer("/", led_to("http://public.test/plain"))
    session = Fetcher().session()
    session.verify = str(authority)

    with pytest.raises(FetchError) as caught:
        session.get("https://public.test/")

    listener.close()
    assert caught.value.code == "blocked_address"
    assert internet.gone_to == [(PUBLIC, 443)]


def test_trusted_origins_may_be_anywhere_and_are_exactly_that(internet, listener, out):
    listener.answer("/page", page(b"ours"))
    fetcher = Fetcher(trusted=frozenset({listener.origin}))

    assert fetcher.get(f"{listener.origin}/page").content == b"ours"
    others = [f"http://127.0.0.1:{listener.port + 1}/", "http://127.0.0.1/", f"https://127.0.0.1:{listener.port}/",
              f"http://127.0.0.2:{listener.port}/", f"http://localhost:{listener.port}/",
              f"http://127.0.0.1:{listener.port}@127.0.0.1:80/"]  # fmt: skip
    assert {code_of(url, fetcher) for url in others} == {"blocked_address"}
    assert listener.connections == 1


def test_a_trusted_origin_leads_nowhere_else_inside(internet, listener, out):
    fetcher = Fetcher(trusted=frozenset({listener.origin}))
    listener.answer("/away", led_to(f"http://127.0.0.1:{listener.port + 1}/"))
    listener.answer("/home", led_to("/page"))

    assert code_of(f"{listener.origin}/away", fetcher) == "blocked_address"
    assert fetcher.get(f"{listener.origin}/home").url == f"{listener.origin}/page"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Video.Test/a?b", "https://video.test"),
        ("https://video.test:443/", "https://video.test"),
        ("http://user:secret@video.test:8080", "http://video.test:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("video.test", ""),
        ("http://a:b:c/", ""),
    ],
)
def test_origins(address, origin):
    assert origin_of(address) == origin


def test_redirects_end(internet, listener, out):
    listener.answer("/loop", led_to("/loop"))

    assert code_of("http://public.test/loop") == "too_many_redirects"
    assert listener.connections == 6


def test_five_redirects_are_followed(internet, listener, out):
    for number in range(5):
        listener.answer(f"/{number}", led_to(f"/{number + 1}"))

    assert Fetcher().get("http://public.test/0").url == "http://public.test/5"


@pytest.mark.parametrize("place", ["http://other.test/end", "http://public.test:8080/end"])
def test_another_origin_gets_neither_keys_nor_cookies(place, internet, listener, out):
    listener.answer("/start", led_to(place, Set_Cookie="own=1"))
    session = Fetcher().session()
    session.cookies.set("mine", "2")

    session.get(
        "http://public.test/start", auth=("me", "secret"), cookies={"other": "3"},
        headers={"X-Api-Key": "secret", "Accept": "text/html", "Range": "bytes=0-9"},
    )  # fmt: skip

    first, last = head_of(listener, "/start"), head_of(listener, "/end")
    assert {"authorization", "cookie", "x-api-key"} <= set(first)
    assert set(last) == {"host", "user-agent", "accept-encoding", "accept", "connection", "range"}


def test_the_same_origin_gets_them_again(internet, listener, out):
    listener.answer("/start", led_to("/end"))

    Fetcher().get("http://public.test/start", auth=("me", "secret"), headers={"X-Api-Key": "secret"})

    last = head_of(listener, "/end")
    assert (last["authorization"], last["x-api-key"]) == ("basic bwu6c2vjcmv0", "secret")


@pytest.mark.parametrize(("status", "code"), [("307 Temporary Redirect", "blocked_address"), ("303 See Other", "")])
def test_what_is_sent_is_not_sent_on_to_another_origin(status, code, internet, listener, out):
    listener.answer("/start", led_to("http://other.test/end", status))

    try:
        Fetcher().post("http://public.test/start", json={"key": "secret"})
        told = ""
    except FetchError as error:
        told = error.code

    assert told == code
    assert len(listener.heads) == (1 if code else 2)
    assert "secret" not in listener.heads[-1] or bool(code)


def test_nobody_in_a_web_request_goes_out(internet, listener, tmp_path):
    session = Fetcher().session()
    ways = [
        lambda: Fetcher().get("http://public.test/"),
        lambda: Fetcher().download("http://public.test/", tmp_path / "file", most_bytes=9, should_stop=lambda: False),
        lambda: session.get("http://public.test/"),
    ]

    for go_out in ways:
        with pytest.raises(RuntimeError, match="jobs and commands"):
            go_out()
    assert (internet.lookups, internet.gone_to) == ([], [])


def test_the_environment_names_no_proxy(internet, monkeypatch, out):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    assert Fetcher().get("http://public.test/").status == 200
    assert internet.gone_to == [(PUBLIC, 80)]


def test_the_proxy_of_the_operator_is_gone_by(internet, listener, out):
    fetcher = Fetcher(proxy="http://me:secret@10.0.0.1:3128")

    answer = fetcher.get("http://public.test/page")

    assert answer.status == 200
    assert internet.gone_to == [("10.0.0.1", 3128)]
    assert listener.heads[0].startswith("GET http://public.test/page HTTP/1.1")
    assert "proxy-authorization: basic" in listener.heads[0].lower()
    assert fetcher.get("http://unknown.test/page").status == 200  # the proxy may know it


def test_a_proxy_is_no_way_inside(internet, out):
    fetcher = Fetcher(proxy="http://10.0.0.1:3128")

    codes = {url: code_of(url, fetcher) for url in INSIDE}

    assert {url: code for url, code in codes.items() if code != "blocked_address"} == {}
    assert code_of("http://10.0.0.1:3128/", fetcher) == "blocked_address"
    assert internet.gone_to == []


def test_an_adapter_of_ones_own_is_guarded_all_the_same(internet, listener, out):
    session = Fetcher().session()
    session.mount("http://video.test/", Elsewhere(trusted=[listener.origin], base=listener.origin))
    listener.answer("/page", led_to("http://inside.test/"))

    with pytest.raises(FetchError) as caught:
        session.get("http://video.test/page")

    assert (caught.value.code, listener.connections) == ("blocked_address", 1)


class Elsewhere(GuardedAdapter):
    def __init__(self, trusted, *, base):
        super().__init__(trusted)
        self.base = base

    def send(self, request, *arguments, **options):
        moved = request.copy()
        moved.url = self.base + request.path_url
        return super().send(moved, *arguments, **options)


def test_each_request_takes_its_turn_first(listener, tmp_path, out):
    turns = []
    listener.answer("/old", led_to("/new"))
    fetcher = Fetcher(trusted=frozenset({listener.origin}), take_turn=lambda: turns.append(len(listener.heads)))

    fetcher.get(f"{listener.origin}/old")
    fetcher.session().get(listener.origin)
    fetcher.download(listener.origin, tmp_path / "file", most_bytes=99, should_stop=lambda: False)

    assert turns == [0, 1, 2, 3]


def test_whoever_has_no_turn_sends_nothing(listener, out):
    def not_now():
        raise LookupError("later")

    with pytest.raises(LookupError, match="later"):
        Fetcher(trusted=frozenset({listener.origin}), take_turn=not_now).get(listener.origin)

    assert listener.connections == 0
