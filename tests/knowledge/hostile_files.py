"""PDFs that want to do harm, made by hand: each is small, and asks for far more than it weighs."""

import zlib
from collections.abc import Mapping

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F1 12 Tf 10 10 Td (Spring tides are high.) Tj ET\n"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def pdf_with(content: bytes, *, pages: bytes = ONE_PAGE, resources: bytes = b"", **objects: bytes) -> bytes:
    """One page that shows `content`, an object; others are given as `_5=…`."""
    page = b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 9 0 R >> %b>> /Contents 4 0 R >>" % resources
    others = {int(name.removeprefix("_")): body for name, body in objects.items()}
    return _file({1: CATALOG, 2: pages, 3: page, 4: content, 9: FONT, **others})


def stream(data: bytes, facts: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), facts, data)


def bomb(megabytes: int) -> bytes:
    """So many megabytes of blanks, packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(megabytes)), packer.flush()])
    return stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]")


def many_pages(count: int) -> bytes:
    keys = range(10, 10 + count)
    page = b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 9 0 R >> >> /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(b"%d 0 R" % key for key in keys), count)
    return _file({1: CATALOG, 2: pages, 4: stream(WORDS), 9: FONT, **dict.fromkeys(keys, page)})


def doubling_pages(times: int) -> bytes:
    """A tree of pages in which each branch is there twice: 2 to the power of `times` pages."""
    root = 20
    tree = {
        key: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 9 >>" % (key + 1, key + 1)
        for key in range(root, root + times)
    }
    leaf = {root + times: b"<< /Type /Page /Parent 20 0 R /Contents 4 0 R >>"}
    return _file({1: CATALOG.replace(b"2 0", b"20 0"), 4: stream(WORDS), 9: FONT, **tree, **leaf})


def with_its_table_elsewhere(content: bytes) -> bytes:
    return content.replace(b"startxref\n", b"startxref\n9999")


def with_a_table_that_leads_to_itself(content: bytes) -> bytes:
    at = content.rindex(b"xref\n0 ")
    return content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at)


def _file(objects: Mapping[int, bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", {}
    for key, body in sorted(objects.items()):
        places[key] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (key, body)
    size = max(objects) + 1
    rows = [b"%010d 00000 n \n" % places[key] if key in places else b"0000000000 65535 f \n" for key in range(size)]
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n" % size + b"".join(rows) + trailer
