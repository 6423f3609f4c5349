"""A table of creators in any spelling, encoding and container reads back equal, or is refused; never different."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
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
    ]
)
COUNTS = {
    "plain": str,
    "comma": "{:,}".format,
    "point": lambda n: f"{n:,}".replace(",", "."),
    "space": lambda n: f"{n:,}".replace(",", "\xa0"),
    "float": lambda n: f"{n}.0",
    "apostrophe": lambda n: f"{n:,}".replace(",", "'"),
}
PLATFORMS = {"instagram": ("instagram", "Instagram", "IG"), "tiktok": ("tiktok", "TikTok", "Tik Tok")}
COUNTRIES = {
    "de": ("de", "Germany", "Deutschland"),
    "fr": ("FR", "France", "Frankreich"),
    "br": ("BRA", "Brazil", "Brasil"),
}
FLAGS = {True: ("true", "yes", "ja"), False: ("FALSE", "no", "nein")}


def rows_of(path: Path) -> list[tuple[object, ...]]:
    creators = [c for _, c in read_creators(path, on_reject=lambda reject: None, careful=True)]
    return [(c.handle, c.followers, c.following, c.bio, c.platform, bool(c.verified), c.country) for c in creators]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    rows=ROWS,
    header=HEADERS,
    counts=st.sampled_from(sorted(COUNTS)),
    spelling=st.integers(0, 2),
    mark=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    container=st.sampled_from(["csv", "csv.gz", "csv.zip", "json", "jsonl", "items.json"]),
    title=st.booleans(),
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
) -> None:
    written = [
        (
            handle,
            COUNTS[counts](followers),
            COUNTS[counts](following),
            bio,
            PLATFORMS[platform][spelling],
            FLAGS[flag][spelling],
            COUNTRIES[country][spelling],
        )
        for handle, followers, following, bio, platform, flag, country in rows
    ]
    path = tmp_path_factory.mktemp("spelt") / f"list.{container}"
    if container.startswith("csv"):
        text = io.StringIO(newline="")
        if title:
            text.write("Our list\n\n")
        writer = csv.writer(text, delimiter=mark)
        writer.writerows([header, *written])
        data = text.getvalue().encode(encoding)
        if container == "csv.zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("list.csv", data)
        else:
            path.write_bytes(gzip.compress(data) if container == "csv.gz" else data)
    else:
        objects = [dict(zip(header, row, strict=True)) for row in written]
        document = {"items": objects} if container == "items.json" else objects
        text_ = "\n".join(map(json.dumps, objects)) if container == "jsonl" else json.dumps(document, indent=1)
        path.write_text(text_, encoding="utf-8")
    try:
        back = rows_of(path)
    except InputError:
        # what cannot be decided is refused; plain numbers always can
        assert counts not in ("plain", "float")
        return
    assert back == [tuple(row) for row in rows]
