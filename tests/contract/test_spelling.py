"""The same creator in every format and every spelling of "nothing here": the same records, so the same bytes out."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit import Scorer
from bonafit.bundle.resolve import newest_bundle
from bonafit.io.brief import read_brief
from bonafit.io.read import Reject, read_creators
from bonafit.io.write import write_creators
from bonafit.records import Comment, Creator, Post

SPELLINGS = ("", "n/a", "N/A", "-", "none", "None", "null", "  ")
TEXTS = ("handle", "display_name", "bio", "external_url", "category", "country", "language", "currency")


@pytest.fixture(scope="module")
def sample(repository: Path) -> list[Creator]:
    return read(repository / "examples" / "creators.jsonl")


def read(path: Path) -> list[Creator]:
    rejects: list[Reject] = []
    found = [creator for _, creator in read_creators(path, on_reject=rejects.append)]
    assert rejects == []
    return found


def spelt(creators: list[Creator], path: Path, spelling: str | None) -> Path:
    """The creators in a file whose absent texts are all spelt out."""
    rows: list[dict[str, Any]] = []
    for creator in creators:
        row = msgspec.json.decode(msgspec.json.encode(creator))
        del row["extra"]
        rows.append(
            {k: spelling if v is None and k in TEXTS else v for k, v in row.items() if v is not None or k in TEXTS}
        )
    if path.suffix == ".jsonl":
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        return path
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [
        {n: msgspec.json.encode(v).decode() if isinstance(v := row.get(n), list) else v for n in names} for row in rows
    ]
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(cells), path)
        return path
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(cells)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("spelling", [None, *SPELLINGS])
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_every_format_and_spelling_reads_as_the_same_records(
    sample: list[Creator], tmp_path: Path, suffix: str, spelling: str | None
) -> None:
    lacking = [creator for creator in sample[4:] if creator.bio is None or creator.external_url is None]
    some = [msgspec.structs.replace(creator, extra={}) for creator in (*sample[:4], *lacking[:8])]
    assert any(creator.bio is None for creator in some)
    assert any(creator.external_url is None for creator in some)
    assert read(spelt(some, tmp_path / f"creators.{suffix}", spelling)) == some


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_record_holds_absence_however_it_is_spelt(spelling: str) -> None:
    names = dict.fromkeys(TEXTS, spelling)
    post = Post(caption=spelling, title=spelling, kind=spelling, location=spelling)
    creator = Creator(creator_id="a", posts=(post,), comments=(Comment(author=spelling),), **names)
    absent = Creator(creator_id="a", posts=(Post(),), comments=(Comment(),))
    assert creator == absent
    assert msgspec.structs.replace(absent, bio=spelling) == absent
    assert msgspec.convert({"creator_id": "a", "bio": spelling}, Creator).bio is None
    assert Creator(creator_id="-", bio="none of it").bio == "none of it"


@pytest.mark.slow
def test_results_are_the_same_bytes_from_every_format(sample: list[Creator], repository: Path, tmp_path: Path) -> None:
    some = sample[:12]
    brief = read_brief(repository / "examples" / "brief.toml")
    with Scorer.load(newest_bundle(repository / "models")) as scorer:
        expected = [msgspec.json.encode(result) for result in scorer.score(some, brief)]
        for suffix in ("jsonl", "csv", "parquet"):
            path = tmp_path / f"creators.{suffix}"
            write_creators(path, some)
            assert [msgspec.json.encode(result) for result in scorer.score(read(path), brief)] == expected, suffix
