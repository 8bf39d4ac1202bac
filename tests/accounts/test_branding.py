"""An organization's color and logo."""

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from accounts.accent import DARK_GROUNDS, LIGHT_GROUNDS, ON_DARK, ON_LIGHT, accent_css, contrast, parse_color
from accounts.models import Organization, User
from accounts.services.organizations import change_logo
from core.errors import Refused

TOKEN = re.compile(r"(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
COLORS = ["#ffff00", "#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#808080", "#0b6b61", "#ffc0cb", "#4b0082"]
ClientOf = Callable[[User], Client]


def picture(size: tuple[int, int] = (900, 300), form: str = "PNG", mode: str = "RGBA") -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new(mode, size, (10, 200, 30, 128)[: len(mode)]).save(buffer, form)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize("picked", COLORS)
def test_any_color_stays_readable(picked: str) -> None:
    tokens = {name: (light, dark) for name, light, dark in TOKEN.findall(accent_css(picked))}
    assert list(tokens) == ["--accent", "--accent-fill", "--accent-fill-hover", "--accent-ink", "--accent-soft"]

    for shade, (grounds, letters) in enumerate([(LIGHT_GROUNDS, ON_LIGHT), (DARK_GROUNDS, ON_DARK)]):
        ink, soft = tokens["--accent-ink"][shade], tokens["--accent-soft"][shade]
        pairs = [(ink, ground) for ground in (*grounds, soft)]
        pairs += [(tokens[fill][shade], letters) for fill in ("--accent-fill", "--accent-fill-hover")]
        assert [pair for pair in pairs if contrast(*map(parse_color, pair)) < 4.5] == []


def test_color_that_is_readable_already_is_kept() -> None:
    assert "--accent-fill: light-dark(#0b6b61," in accent_css("#0b6b61")


@pytest.mark.parametrize("text", ["red", "#fff", "#12345g", "0b6b61#", "#0b6b61; }", "#+1+1+1"])
def test_what_is_no_color_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no color"):
        accent_css(text)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(parse_color("#000000"), parse_color("#ffffff")) == pytest.approx(21)
    assert contrast(parse_color("#777777"), parse_color("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_pages_carry_the_color_and_keep_it(organization: Organization, bob: User, client_of: ClientOf) -> None:
    Organization.objects.update(accent_color="#ffff00")
    client = client_of(bob)

    page = client.get("/harbor/").content.decode()
    sheet = client.get("/harbor/branding/accent.css?v=ffff00")

    assert '<link rel="stylesheet" href="/harbor/branding/accent.css?v=ffff00">' in page
    assert (sheet["Content-Type"], sheet.content.decode()) == ("text/css; charset=utf-8", accent_css("#ffff00"))
    assert sheet["Cache-Control"] == "private, max-age=31536000, immutable"


def test_without_a_color_there_is_no_stylesheet(organization: Organization, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)

    assert b"accent.css" not in client.get("/harbor/").content
    assert client.get("/harbor/branding/accent.css").status_code == 404


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGBA")])
def test_logo_is_encoded_anew_within_512_pixels(
    organization: Organization, alice: User, scope: Organization, form: str, mode: str
) -> None:
    change_logo(organization, picture(form=form, mode=mode), by=alice)

    with default_storage.open(organization.logo_path) as stored, Image.open(stored) as kept:
        assert (kept.format, kept.size) == ("PNG", (512, 171))


def test_nothing_of_the_file_survives(organization: Organization, alice: User, scope: Organization) -> None:
    given = picture()
    hidden = io.BytesIO(given.getvalue() + b"<script>alert(1)</script>")

    change_logo(organization, hidden, by=alice)

    with default_storage.open(organization.logo_path) as stored:
        assert b"<script>" not in stored.read()


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header promises more pixels than anybody has memory for."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_picture"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_a_picture"),
        (b"", "not_a_picture"),
        (picture().getvalue()[:60], "not_a_picture"),
        (png_claiming(30_000, 30_000), "too_large_picture"),
        (png_claiming(4_001, 4_000), "too_large_picture"),
        (b"\x89PNG" + b"\0" * 2 * 1024 * 1024, "too_large_picture"),
    ],
    ids=["svg", "gif", "empty", "cut off", "bomb", "pixels", "bytes"],
)
def test_what_is_no_fit_picture_is_refused(
    organization: Organization, alice: User, scope: Organization, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        change_logo(organization, io.BytesIO(content), by=alice)

    assert (refusal.value.code, organization.logo_path) == (code, "")


def test_logo_is_served_to_whoever_may_know_the_organization(
    organization: Organization, alice: User, bob: User, charlie: User, scope: Organization, client_of: ClientOf
) -> None:
    change_logo(organization, picture(), by=alice)
    path = f"/harbor/branding/logo/{organization.logo_name}"

    mine = client_of(bob).get(path)
    closed = [client_of(charlie).get(path).status_code, Client().get(path).status_code]
    Organization.objects.filter(pk=organization.pk).update(is_open=True)

    assert (mine.status_code, mine["Content-Type"]) == (200, "image/png")
    assert mine["Cache-Control"] == "private, max-age=31536000, immutable"
    assert closed == [404, 404]
    assert b"".join(Client().get(path).streaming_content) == b"".join(mine.streaming_content)
    assert f'<img class="brand__logo" src="{path}" alt="">' in client_of(bob).get("/harbor/").content.decode()


@pytest.mark.parametrize("name", ["other.png", "..%2Flogo.png", "%2e%2e"])
def test_only_todays_logo_is_served(
    organization: Organization, alice: User, scope: Organization, client_of: ClientOf, name: str
) -> None:
    change_logo(organization, picture(), by=alice)

    assert client_of(alice).get(f"/harbor/branding/logo/{name}").status_code == 404


def test_old_files_are_removed(
    organization: Organization, alice: User, scope: Organization, settings: object,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    def kept() -> list[str]:
        return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*.png"))

    with django_capture_on_commit_callbacks(execute=True):
        change_logo(organization, picture(), by=alice)
    first = kept()
    with django_capture_on_commit_callbacks(execute=True):
        change_logo(organization, picture((64, 64)), by=alice)
    second = kept()
    with django_capture_on_commit_callbacks(execute=True):
        change_logo(organization, None, by=alice)

    assert (len(first), len(second), first == second, kept()) == (1, 1, False, [])
