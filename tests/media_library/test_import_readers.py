"""What creators have, as it is read: pasted text, tables, documents, Markdown. Nothing raises for one row."""

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from core.errors import Refused
from media_library.importing import MOST_ROWS, PROBLEMS, File, read_files, read_path, read_text
from media_library.importing.documents import read_document
from media_library.importing.pasted import read_pasted
from media_library.importing.tables import read_table

ONE, TWO = "https://www.youtube.com/watch?v=aaaaaaaaaaa", "https://youtu.be/bbbbbbbbbbb"
FRONT = "---\ntitle: Tides\nyoutubeId: {}\n---\n{}"


def pasted(text: str) -> list[str]:
    return [row.address for row in read_pasted(text)]


def told(rows) -> list[tuple]:
    return [(row.position, row.address, dict(row.facts), row.code) for row in rows]


def code_of(call, *args, **options) -> tuple[str, list[str]]:
    with pytest.raises(Refused) as refusal:
        call(*args, **options)
    return refusal.value.code, list(refusal.value.fields)


def zipped(files: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def markdown(files: dict[str, bytes]):
    return read_files([File("talks.zip", zipped(files))])


# Pasted text


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (f"{ONE}\n{TWO}\n", [ONE, TWO]),
        (f"\ufeff  {ONE}  \r\n\r\n{TWO}", [ONE, TWO]),
        (f"Please add {ONE}, and ({TWO}).", [ONE, TWO]),
        (f"<{ONE}>; “{TWO}”", [ONE, TWO]),
        (f"{ONE},{TWO}", [ONE, TWO]),
        (f"{ONE};{TWO}|{ONE}", [ONE, TWO, ONE]),
        (f"* [Tides]({ONE}) and [{TWO}]({TWO})", [ONE, TWO]),
        (f'[Tides]({ONE} "How they work")', [ONE]),
        (f"[![A picture](https://img.example/a.jpg)]({ONE})", ["https://img.example/a.jpg", ONE]),
        ('<a href="' + ONE + '">Tides</a>', [ONE]),
        (f"**{ONE}**", [ONE]),
        ("https://host.example/a_(b)", ["https://host.example/a_(b)"]),
        ("(https://host.example/a_(b))", ["https://host.example/a_(b)"]),
        ("youtu.be/bbbbbbbbbbb", ["https://youtu.be/bbbbbbbbbbb"]),
        ("See www.youtube.com/watch?v=aaaaaaaaaaa or e.g./ask anna@host.example/x", [ONE]),
        ("HTTPS://YOUTU.BE/bbbbbbbbbbb", ["HTTPS://YOUTU.BE/bbbbbbbbbbb"]),
        ("Dear all,\nnothing to see here.\n", []),
    ],
)
def test_addresses_are_found_in_what_is_pasted(text, addresses):
    assert pasted(text) == addresses


def test_word_alone_in_its_line_is_answered_too():
    assert told(read_pasted(f"{ONE}\nnonsense\n")) == [(1, ONE, {}, ""), (2, "nonsense", {}, "no_address")]


def test_what_is_too_long_for_an_address_is_cut_and_told():
    (row,) = read_pasted("https://host.example/" + "a" * 2000)

    assert (row.code, len(row.address)) == ("address_too_long", 1000)


@pytest.mark.parametrize("before", ["", "See "])
def test_address_that_leads_to_itself_a_thousand_times_is_answered(before):
    deep = "youtube.com" + "/attribution_link?u=" * 1500

    assert [row.code for row in read_pasted(before + deep)] == ["address_too_long"]


def test_nul_and_lone_surrogates_go():
    assert pasted(f"{ONE}\0 \ud800") == [ONE]


def test_more_rows_than_are_taken_are_refused_as_a_whole():
    assert len(read_pasted(f"{ONE}\n" * MOST_ROWS)) == MOST_ROWS
    assert code_of(read_pasted, f"{ONE}\n" * (MOST_ROWS + 1)) == ("too_many_rows", ["file"])


def test_nothing_at_all_is_refused():
    assert code_of(read_text, "Hello there") == ("empty", ["file"])


# Tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["url", "Video URL", "link", "source_url", "ADDRESS"])
def test_tables_are_read_whatever_stands_between_their_columns(delimiter, name):
    content = delimiter.join([name, "Title"]) + "\n" + delimiter.join([ONE, "Tides"]) + "\n"

    assert told(read_table(content.encode())) == [(2, ONE, {"title": "Tides"}, "")]


@pytest.mark.parametrize("name", ["youtubeId", "youtube_id", "YouTube ID", "youtube_video_id"])
def test_columns_of_keys_are_known_for_each_host(name):
    assert told(read_table(f"{name}\naaaaaaaaaaa\n".encode())) == [(2, ONE, {}, "")]


def test_keys_of_lessons_are_answered_with_how_they_come_in():
    (row,) = read_table(b"whopId\nlesn_1\n")

    assert (row.address, row.code, row.message) == (
        "lesn_1", "synchronized", "Videos of Whop come in when it is synchronized, not by their address.",
    )  # fmt: skip


def test_keys_are_offered_only_where_they_are_taken():
    with pytest.raises(Refused) as refusal:
        read_table(b"name,when\nTides,today\n")

    assert ("“youtubeId”" in refusal.value.message, "whopId" in refusal.value.message) == (True, False)


def test_what_was_told_as_the_address_is_shown_in_each_format():
    fact = {"youtubeId": "not a key"}
    table = read_table(b"youtubeId\nnot a key\n")
    document = read_document(json.dumps([fact]).encode())
    files = markdown({"a.md": b"---\nyoutubeId: not a key\n---\n"}).rows

    assert [(row.address, row.code) for row in (*table, *document, *files)] == [("not a key", "bad_id")] * 3


def test_all_facts_of_a_table():
    content = (
        "url,title,description,duration,categories,tags,publishedAt,published,thumbnail,extra\n"
        f'{ONE},"Tides, and ""more""","Two\nlines",12:34,"Sea; Moon","sea, SEA, moon",2026-01-31,yes,https://i.example/a,x\n'
        f"{TWO}\n"
    )

    first, second = told(read_table(content.encode()))

    assert first == (
        2, ONE,
        {
            "title": 'Tides, and "more"', "description": "Two\nlines", "categories": ["Sea", "Moon"],
            "tags": ["sea", "moon"], "published_at": "2026-01-31T00:00:00+00:00", "published": True,
            "thumbnail": "https://i.example/a",
        },
        "",
    )  # fmt: skip
    assert second == (4, TWO, {}, "")


def test_table_without_names_of_columns_is_one_of_addresses():
    assert told(read_table(f"Tides,{ONE}\nMoon,{TWO}\nnone,\n".encode())) == [
        (1, ONE, {}, ""),
        (2, TWO, {}, ""),
        (3, "", {}, "no_address"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("url", "", "no_address"),
        ("youtubeId", "not a key", "bad_id"),
        ("youtubeId", "../../../etc", "bad_id"),
        ("publishedAt", "yesterday", "bad_date"),
        ("publishedAt", "2026-13-01", "bad_date"),
        ("title", "t" * 201, "title_too_long"),
        ("tags", "t" * 61, "name_too_long"),
        ("categories", "c" * 81, "name_too_long"),
        ("tags", ",".join(map(str, range(51))), "too_many_tags"),
    ],
)
def test_bad_cell_is_told_in_its_row_and_the_others_are_read(column, value, code):
    other = "link" if column == "url" else "url"
    first = "" if column in ("url", "youtubeId") else ONE
    content = f'{other},{column},title2\n{first},"{value}",x\n{TWO},,y\n'

    bad_row, good_row = read_table(content.encode())

    assert (bad_row.position, bad_row.code, bad_row.message != "") == (2, code, True)
    assert (good_row.position, good_row.address, good_row.code) == (3, TWO, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_are_read_in_the_encodings_that_programs_write(encoding):
    content = f"url;title\n{ONE};Küste – früh\n".encode(encoding)

    assert told(read_table(content)) == [(2, ONE, {"title": "Küste – früh"}, "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"name,when\nTides,today\n", "no_address_column"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text"),
        (b'url\n"' + b"x" * 140_000 + b'"\n', "not_csv"),
        (b"url\n" + b"https://host.example/a\n" * (MOST_ROWS + 1), "too_many_rows"),
    ],
)
def test_tables_that_cannot_be_read_are_refused_as_a_whole(content, code):
    assert code_of(read_table, content) == (code, ["file"])


# Documents


@pytest.mark.parametrize("wrap", [lambda items: items, lambda items: {"items": items, "version": 1}])
def test_documents_are_lists_of_addresses_or_objects(wrap):
    items = [ONE, {"youtubeId": "bbbbbbbbbbb", "title": "Moon", "tags": ["sea", "Moon"], "duration": 61.5}, 7, None, {}]

    assert told(read_document(json.dumps(wrap(items)).encode())) == [
        (1, ONE, {}, ""),
        (
            2,
            "https://www.youtube.com/watch?v=bbbbbbbbbbb",
            {"title": "Moon", "tags": ["sea", "Moon"]},
            "",
        ),
        (3, "", {}, "no_object"),
        (4, "", {}, "no_object"),
        (5, "", {}, "no_address"),
    ]


def test_document_may_be_one_object():
    assert told(read_document(b'{"link": "https://youtu.be/bbbbbbbbbbb", "title": "Moon"}')) == [
        (1, TWO, {"title": "Moon"}, "")
    ]


@pytest.mark.parametrize(
    "facts", [{"title": {"a": 1}}, {"title": True}, {"tags": [["deep"]]}, {"description": 5}, {"url": [ONE]}]
)
def test_values_of_the_wrong_kind_are_told_in_their_row(facts):
    rows = read_document(json.dumps([{"url": ONE, **facts}, ONE]).encode())

    assert [row.code for row in rows] == ["bad_value", ""]


@pytest.mark.parametrize("content", [b"{", b'"text"', b"[" * 100_000, b"7", b'{"videos": []}'])
def test_documents_that_are_none_are_refused_as_a_whole(content):
    assert code_of(read_document, content) == ("not_json", ["file"])


def test_surrogates_of_documents_go():
    (row,) = read_document(b'[{"url": "https://youtu.be/bbbbbbbbbbb", "title": "a\\ud800b\\u0000c"}]')

    assert row.facts["title"] == "abc"


# Folders of Markdown


def test_folder_of_markdown_is_read_with_what_is_below_it(tmp_path: Path):
    (tmp_path / "sea").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.md").write_text(FRONT.format("ccccccccccc", ""))
    (tmp_path / "sea" / "b.md").write_text(FRONT.format("bbbbbbbbbbb", "Words below.\n"))
    (tmp_path / "a.markdown").write_text(
        "---\ntitle: 'How: tides'\ndescription: >\n  Two\n  lines\nyoutubeId: 01234567890\nduration: 1:02:03\n"
        "categories: [Sea, Moon]\ntags:\n  - sea\n  - no\npublishedAt: 2026-01-31T18:00:00Z\nthumbnail: /img/a.jpg\n"
        "draft: true\nauthor: {name: A}\n---\n# Heading\n"
    )
    (tmp_path / "readme.txt").write_text("nothing")

    given = read_path(tmp_path)

    assert (given.format, given.name) == ("markdown", tmp_path.name)
    assert told(given.rows) == [
        (
            1, "https://www.youtube.com/watch?v=01234567890",
            {
                "title": "How: tides", "description": "Two lines", "categories": ["Sea", "Moon"],
                "tags": ["sea", "no"], "published_at": "2026-01-31T18:00:00+00:00", "thumbnail": "/img/a.jpg",
                "draft": True, "file": "a.markdown",
            },
            "",
        ),
        (
            2, "https://www.youtube.com/watch?v=bbbbbbbbbbb",
            {"title": "Tides", "description": "Words below.", "file": "sea/b.md"}, "",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"# Only words\n", "no_front_matter"),
        (b"---\ntitle: never closed\n", "no_front_matter"),
        (b"---\n- a\n- list\n---\n", "no_front_matter"),
        (b"---\ntitle: [\n---\n", "bad_front_matter"),
        (b"---\na: &a [x]\nb: [*a, *a]\n---\n", "bad_front_matter"),
        (b"---\na: !!python/object/apply:os.system ['true']\n---\n", "bad_front_matter"),
        (b"---\n" + b"[" * 5000 + b"\n---\n", "bad_front_matter"),
        (b"---\ntitle: Tides\n---\n", "no_address"),
        (b"---\nyoutubeId: {a: b}\n---\n", "bad_value"),
        (b"\x00\x01\x02", "not_text"),
        (b"x" * 1_000_001, "too_large"),
    ],
)
def test_bad_markdown_is_told_in_its_row(content, code):
    rows = markdown({"a.md": content, "b.md": FRONT.format("bbbbbbbbbbb", "").encode()}).rows

    assert [(row.facts["file"], row.code) for row in rows] == [("a.md", code), ("b.md", "")]


def test_several_markdown_files_are_one_import():
    files = [File(f"{name}.md", FRONT.format(name * 11, "").encode()) for name in "ba"]

    given = read_files(files)

    assert [row.address[-11:] for row in given.rows] == ["aaaaaaaaaaa", "bbbbbbbbbbb"]
    assert (given.format, given.name) == ("markdown", "2 files")


def test_folder_does_not_lead_out_of_itself(tmp_path: Path):
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.md").write_text(FRONT.format("aaaaaaaaaaa", ""))
    (inside / "link.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)

    assert [(row.facts["file"], row.code) for row in read_path(inside).rows] == [("link.md", "outside_folder")]


def test_json_beside_markdown_is_read_too(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps({"items": [ONE, {"title": "no address"}]}))
    (tmp_path / "b.json").write_text(json.dumps([TWO]))
    (tmp_path / "c.json").write_text(json.dumps({"youtubeId": "ccccccccccc", "title": "Boats"}))
    (tmp_path / "d.md").write_text(FRONT.format("ddddddddddd", ""))
    (tmp_path / "e.json").write_text("{")
    (tmp_path / "f.json").write_text('{"name": "package", "version": 1}')

    given = read_path(tmp_path)
    packed = markdown({path.name: path.read_bytes() for path in tmp_path.iterdir()})

    assert [(row.position, row.facts["file"], row.address[-11:], row.code) for row in given.rows] == [
        (1, "a.json", "aaaaaaaaaaa", ""),
        (2, "a.json", "", "no_address"),
        (3, "b.json", "bbbbbbbbbbb", ""),
        (4, "c.json", "ccccccccccc", ""),
        (5, "d.md", "ddddddddddd", ""),
        (6, "e.json", "", "not_json"),
        (7, "f.json", "", "not_json"),
    ]
    assert given.rows[3].facts["title"] == "Boats"
    assert told(packed.rows) == told(given.rows)


def test_several_files_of_json_are_one_import():
    given = read_files([File("b.json", json.dumps([TWO]).encode()), File("a.json", json.dumps([ONE]).encode())])

    assert ([row.address for row in given.rows], given.name) == ([ONE, TWO], "2 files")


def test_files_with_more_rows_than_are_taken_together_are_refused_as_a_whole():
    half = json.dumps([ONE] * (MOST_ROWS // 2 + 1)).encode()

    assert code_of(read_files, [File("a.json", half), File("b.json", half)]) == ("too_many_rows", ["file"])


# Zip files


def test_zip_is_read_without_what_systems_put_into_it():
    good = FRONT.format("aaaaaaaaaaa", "").encode()
    given = markdown({"talks/a.md": good, "__MACOSX/talks/._a.md": b"x", ".hidden.md": b"x", "talks/a.jpg": b"x"})

    assert [(row.facts["file"], row.address) for row in given.rows] == [("talks/a.md", ONE)]


@pytest.mark.parametrize("name", ["../a.md", "/a.md", "a/../../b.md", "C:\\a.md", "..\\a.md"])
def test_zip_that_leads_out_of_itself_is_refused(name):
    assert code_of(markdown, {name: b"---\n---\n"}) == ("bad_path", ["file"])


def test_zip_bomb_is_refused_whatever_it_says_about_its_size():
    bomb = {f"{number}.md": b"\0" * 999_999 for number in range(60)}

    assert code_of(markdown, bomb) == ("too_large", ["file"])


def test_zip_that_lies_about_a_size_does_no_harm():
    packed = zipped({"a.md": b"x" * 3_000_000})
    lied = packed.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10))

    assert code_of(read_files, [File("a.zip", lied)]) == ("not_zip", ["file"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no zip at all"])
def test_broken_zip_is_refused(content):
    assert code_of(read_files, [File("a.zip", content)]) == ("not_zip", ["file"])


def test_encrypted_zip_is_refused():
    packed = bytearray(zipped({"a.md": b"---\n---\n"}))
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    assert code_of(read_files, [File("a.zip", bytes(packed))]) == ("encrypted", ["file"])


def test_zip_without_markdown_is_refused():
    assert code_of(markdown, {"a.jpg": b"x"}) == ("empty", ["file"])


# Which reader


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.csv", f"url\n{ONE}\n", "csv"),
        ("a.TSV", f"url\ttitle\n{ONE}\tx\n", "csv"),
        ("a.json", f'["{ONE}"]', "json"),
        ("a.txt", ONE, "pasted"),
        ("a.md", FRONT.format("aaaaaaaaaaa", ""), "markdown"),
    ],
)
def test_reader_is_chosen_by_the_name_of_the_file(name, content, format):
    given = read_files([File(name, content.encode())])

    assert (given.format, given.name, [row.address for row in given.rows]) == (format, name, [ONE])


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([File("a.mp4", b"x")], "unknown_format"),
        ([File("a", b"x")], "unknown_format"),
        ([File("a.csv", b"x"), File("b.md", b"x")], "one_at_a_time"),
        ([File("a.csv", b"x" * 5_000_001)], "too_large"),
        ([File("a.md", b"x" * 3_000_000), File("b.md", b"x" * 3_000_000)], "too_large"),
    ],
)
def test_files_that_no_reader_takes_are_refused(files, code):
    assert code_of(read_files, files) == (code, ["file"])


def test_format_decides_where_a_name_does_not(tmp_path: Path):
    (tmp_path / "talks").write_text(f"url\n{ONE}\n")

    given = read_path(tmp_path / "talks", format="csv")

    assert (given.format, given.name, given.rows[0].address) == ("csv", "talks", ONE)


def test_every_problem_has_words():
    facts = dict.fromkeys(("told", "host", "name", "most", "hosts"), 5)

    assert [code for code, words in PROBLEMS.items() if not str(words) % facts] == []
