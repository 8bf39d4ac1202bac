"""A certificate as a tagged PDF (PDF/UA-1). Plain data in, bytes out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import typst

PAGE = Path(__file__).parent / "certificate.typ"


@dataclass(frozen=True)
class CertificateWords:
    """Everything that stands on the page, in the words of its reader; `accent` as #rrggbb, `language` as in `en`."""

    language: str
    accent: str
    organization: str
    title: str
    awarded: str
    name: str
    completed: str
    course: str
    signer: str
    date: str
    number_label: str
    number: str
    verify: str
    address: str


def render_pdf(words: CertificateWords, *, issued_at: datetime, logo: bytes = b"", fonts: Sequence[str] = ()) -> bytes:
    """The page; `logo` is a PNG or empty, `fonts` are folders with fonts for scripts the built-in ones lack.

    The same certificate is the same bytes, whenever it is asked for.
    """
    data = json.dumps({**asdict(words), "logo": list(logo)})
    letters = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(fonts))
    return typst.compile(
        PAGE.read_bytes(), format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"], font_paths=letters,
        timestamp=int(issued_at.timestamp()),
    )  # fmt: skip
