"""A table of creators in any spelling, encoding and container reads back equal, or is refused; never different."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.errors import InputError
from bonafit.io.read import read_creators

WORDS = st.lists(
    st.sampled_from(["Brot", "Müller", "café", "niño", "für", "São", "garçon", "Öl", "and", "tea"]), min_size=1
).map(" ".join)
ROWS = st.lists(
    st.tuples(
        st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}", fullmatch=True),
        st.integers(0, 40_000_000),
        st.integers(0, 9_999),
        WORDS,
        st.sampled_from(["instagram", "tiktok"]),
        st.booleans(),
        st.sampled_from(["de", "fr", "br"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[0],
)
HEADERS = st.sampled_from(
    [
        ("handle", "followers", "following", "bio", "platform", "verified", "country"),
        ("User Name", "# of Followers", "Following", "Biography", "Platform", "Is Verified", "Country"),
        ("uniqueId", "followerCount", "followingCount", "signature", "network", "isVerified", "countryCode"),
        ("Benutzername", "Anzahl Follower", "Folgt", "Profiltext", "Plattform", "Verifiziert", "Land"),
        ("账号", "粉丝数", "关注数", "简介", "平台", "认证", "国家"),
        ("Ник", "Подписчики", "Подписки", "Описание", "Платформа", "Верификация", "Страна"),
        ("Brukernavn", "Antall følgere", "Følger", "Beskrivelse", "Plattform", "Verificeret", "Land"),
        ("اسم المستخدم", "عدد المتابعين", "يتابع", "نبذة", "المنصة", "موثق", "الدولة"),
        ("ユーザー名", "フォロワー数", "フォロー数", "自己紹介", "プラットフォーム", "認証済み", "国"),
    ]
)
COUNTS = {
    "plain": str,
    "comma": "{:,}".format,
    "point": lambda n: f"{n:,}".replace(",", "."),
    "space": lambda n: f"{n:,}".replace(",", "\xa0"),
    "float": lambda n: f"{n}.0",
    "apostrophe": lambda n: f"{n:,}".replace(",", "'"),
    "full width": lambda n: str(n).translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}),
    "words": "{} followers".format,
}
PLATFORMS = {"instagram": ("instagram", "Instagram", "IG"), "tiktok": ("tiktok", "TikTok", "Tik Tok")}
COUNTRIES = {
    "de": ("de", "Germany", "Deutschland"),
    "fr": ("FR", "France", "Frankreich"),
    "br": ("BRA", "Brazil", "Brasil"),
}
FLAGS = {True: ("true", "✅", "да"), False: ("FALSE", "no", "nein")}


def csv_text(table: list[list[str]], mark: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark).writerows(table)
    return text.getvalue()


def encoded(text: str, encoding: str) -> bytes:
    """The text in an encoding, in UTF-8 where it cannot be."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def put_csv(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    data = encoded(csv_text(table, mark), encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def put_zip(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list.csv", encoded(csv_text(table, mark), encoding))
        archive.writestr("__MACOSX/._list.csv", b"junk")


def put_wrapped(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    """Every line one quoted cell, as a spreadsheet saves what it did not cut."""
    lines = csv_text(table, ",").splitlines()
    path.write_text("".join('"{}"\n'.format(line.replace('"', '""')) for line in lines), encoding="utf-8")


def put_turned(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    rows = table[-len([row for row in table if len(row) > 1]) :]
    path.write_text(csv_text([list(column) for column in zip(*rows, strict=True)], mark), encoding="utf-8")


def put_html(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in table)
    path.write_text(f"<html><table>{rows}</table></html>", encoding="utf-8")


def put_fixed(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    widths = [max(len(row[i]) for row in table if len(row) > i) + 2 for i in range(max(map(len, table)))]
    lines = ("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in table)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def put_workbook(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("S")
        for i, row in enumerate(table):
            for k, cell in enumerate(row):
                sheet.write_string(i, k, cell)


def put_parts(path: Path, table: list[list[str]], mark: str, encoding: str) -> None:
    """A folder of a file a row, each with the header."""
    header = next(i for i, row in enumerate(table) if len(row) > 1)
    path.mkdir()
    for i, row in enumerate(table[header + 1 :]):
        (path / f"part-{i:05}.csv").write_text(csv_text([table[header], row], mark), encoding="utf-8")
    (path / "_SUCCESS").touch()


TABLES = {
    "parts": put_parts, "csv": put_csv, "csv.gz": put_csv, "csv.zip": put_zip, "wrapped csv": put_wrapped,
    "turned csv": put_turned, "xls": put_html, "txt": put_fixed, "xlsx": put_workbook,
}  # fmt: skip
DOCUMENTS = {
    "json": lambda rows: json.dumps(rows, indent=1),
    "jsonl": lambda rows: "\n".join(map(json.dumps, rows)),
    "commas jsonl": lambda rows: "".join(json.dumps(row) + ",\n" for row in rows),
    "items.json": lambda rows: json.dumps({"items": rows}, indent=1),
    "odd json": lambda rows: json.dumps({"foo": {"bar": rows}}),
    "columns json": lambda rows: json.dumps({name: [row[name] for row in rows] for name in rows[0]}),
    "one line json": lambda rows: "".join(map(json.dumps, rows)),
    "script json": lambda rows: f"window.data = {json.dumps(rows)};",
    "pages jsonl": lambda rows: "\n".join(json.dumps({"page": i, "items": [row]}) for i, row in enumerate(rows)),
}


def rows_of(path: Path) -> list[tuple[object, ...]]:
    creators = [c for _, c in read_creators(path, on_reject=lambda reject: None, careful=True)]
    return [(c.handle, c.followers, c.following, c.bio, c.platform, bool(c.verified), c.country) for c in creators]


@pytest.mark.slow
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    rows=ROWS,
    header=HEADERS,
    counts=st.sampled_from(sorted(COUNTS)),
    spelling=st.integers(0, 2),
    mark=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    container=st.sampled_from(sorted([*TABLES, *DOCUMENTS])),
    title=st.booleans(),
    unseen=st.sampled_from(["", "\u200b", "\ufeff", "@"]),
)
def test_equal_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, int, int, str, str, bool, str]],
    header: tuple[str, ...],
    counts: str,
    spelling: int,
    mark: str,
    encoding: str,
    container: str,
    title: bool,
    unseen: str,
) -> None:
    written = [
        (
            unseen + handle,
            COUNTS[counts](followers),
            COUNTS[counts](following),
            bio,
            PLATFORMS[platform][spelling],
            FLAGS[flag][spelling],
            COUNTRIES[country][spelling],
        )
        for handle, followers, following, bio, platform, flag, country in rows
    ]
    path = tmp_path_factory.mktemp("spelt") / f"list.{container.rsplit(maxsplit=1)[-1]}"
    if container in DOCUMENTS:
        objects = [dict(zip(header, row, strict=True)) for row in written]
        path.write_text(DOCUMENTS[container](objects), encoding="utf-8")
    else:
        table = [["Our list"], [], [*header], *map(list, written)] if title else [[*header], *map(list, written)]
        TABLES[container](path, table, mark, encoding)
    try:
        back = rows_of(path)
    except InputError:
        # what cannot be decided is refused; plain numbers always can
        assert counts not in ("plain", "float")
        return
    assert back == [tuple(row) for row in rows], (
        container,
        encoding,
        counts,
        mark,
        title,
        path.is_file() and path.read_bytes()[:600],
    )
