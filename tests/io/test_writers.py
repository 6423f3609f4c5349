"""Results and rejects on disk: whole or not at all, equal when read, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pyarrow.parquet as pq
import pytest

from bonafit.errors import InputError
from bonafit.io.read import Reject
from bonafit.io.write import defused, rejects_file, results_file, sparse, write_creators, write_results
from bonafit.records import Creator
from bonafit.results import COMPONENTS, Component, Contribution, CreatorScore, Evidence, Reason


def component(name: str, value: float | None) -> Component:
    reasons = (
        Reason(feature="baseline", seen=None, effect=0.5, points=0.3, text="the usual creator"),
        Reason(feature="small", seen=1.0, effect=0.1, points=0.01, text="small"),
        Reason(feature="big", seen=2.0, effect=-2.0, points=-0.2, text="=big", usual=0.9),
    )
    return Component(
        name=name,
        status="insufficient" if value is None else "ok",
        value=value,
        interval=None if value is None else (value / 2, value),
        sufficiency=0.5,
        reasons=reasons if value is not None else (),
        evidence=(Evidence(kind="unit", text="a caption", weight=0.4, at="2026-01-01"),),
        flags=("few_posts",),
        detail={"n": 3, "rates": {"by_followers": 0.02}} if value else {},
    )


def result(creator_id: str) -> CreatorScore:
    return CreatorScore(
        creator_id=creator_id,
        score=0.625,
        interval=(0.5, 0.75),
        sufficiency=0.9,
        verdict="review",
        verdict_reasons=("score 0.62, under 0.70", "=cmd"),
        contributions=(
            Contribution(component="niche_fit", weight=0.5, value=0.8, effective_weight=0.5, points=0.4),
            Contribution(component="authenticity", weight=0.25, value=None, effective_weight=0.25, points=0.125),
        ),
        niche_fit=component("niche_fit", 0.8),
        authenticity=component("authenticity", None),
        engagement_quality=component("engagement_quality", 0.4),
        safety=component("safety", 1.0),
        flags=("outside_range", "other"),
        input_digest="aa",
        bundle_digest="bb",
    )


RESULTS = [result("a"), result("=cmd()"), result("é\n")]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_jsonl_holds_everything_in_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}.jsonl{suffix}" for name in ("a", "b")]
    assert [write_results(path, iter(RESULTS)) for path in paths] == [3, 3]
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    lines = (gzip.decompress(first) if suffix else first).splitlines()
    assert [msgspec.json.decode(line, type=CreatorScore) for line in lines] == RESULTS


def test_parquet_holds_everything(tmp_path: Path) -> None:
    write_results(tmp_path / "r.parquet", RESULTS)
    rows = pq.read_table(tmp_path / "r.parquet").to_pylist()
    for row in rows:
        for name in COMPONENTS:
            row[name]["detail"] = msgspec.json.decode(row[name]["detail"]) if row[name]["detail"] else {}
    assert msgspec.convert(rows, list[CreatorScore]) == RESULTS


def test_parquet_of_nothing_still_has_columns(tmp_path: Path) -> None:
    assert write_results(tmp_path / "r.parquet", []) == 0
    assert pq.read_table(tmp_path / "r.parquet").schema.names == list(CreatorScore.__struct_fields__)


def test_csv_is_flat(tmp_path: Path) -> None:
    write_results(tmp_path / "r.csv", RESULTS)
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["creator_id"] for row in rows] == ["a", "'=cmd()", "é\n"]
    row = rows[0]
    assert (row["score"], row["score_low"], row["flags"]) == ("0.625", "0.5", "outside_range|other")
    assert (row["niche_fit"], row["niche_fit_points"], row["niche_fit_low"]) == ("0.8", "0.4", "0.4")
    # the reason that moved most comes first, and is no formula
    assert row["niche_fit_reasons"] == "'=big | small"
    assert (row["authenticity"], row["authenticity_status"], row["authenticity_low"]) == ("", "insufficient", "")
    assert (row["engagement_quality_weight"], row["bundle_digest"]) == ("", "bb")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cells_that_spreadsheets_execute_are_defused(text: str) -> None:
    assert defused(text) == "'" + text
    assert defused("a" + text) == "a" + text


def test_an_error_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("old", encoding="utf-8")

    def failing() -> object:
        yield RESULTS[0]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        write_results(path, failing())
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.jsonl"]


def test_nothing_appears_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with results_file(path) as write:
        write(RESULTS[0])
        assert not path.exists()
    assert path.exists()


def test_whoever_reads_the_old_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_results(path, RESULTS)
        assert reader.read() == b"old"


def test_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=out))
    write_results("-", RESULTS)
    assert len(out.getvalue().splitlines()) == 3
    with pytest.raises(InputError, match="parquet needs a file"):
        write_results("-", RESULTS, format="parquet")


def test_names_that_say_no_format(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ends in '\.xlsx'"):
        write_results(tmp_path / "r.xlsx", RESULTS)
    with pytest.raises(InputError, match=r"leave \.gz out"):
        write_results(tmp_path / "r.parquet.gz", RESULTS)
    with pytest.raises(InputError, match="format 'xml'"):
        write_results(tmp_path / "r.jsonl", RESULTS, format="xml")


REJECT = Reject(line=3, creator_id=None, field="bio", reason="found 5", found="5")


def test_rejects_lie_beside_the_output(tmp_path: Path) -> None:
    with rejects_file(tmp_path / "r.jsonl") as on_reject:
        on_reject(REJECT)
    path = tmp_path / "r.jsonl.rejects.jsonl"
    assert msgspec.json.decode(path.read_bytes(), type=Reject) == REJECT
    # a later run without rejects must not leave those of an earlier one
    with rejects_file(tmp_path / "r.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_rejects_of_standard_output_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with rejects_file("-") as on_reject:
        on_reject(REJECT)
    assert msgspec.json.decode(capsys.readouterr().err, type=Reject) == REJECT


def test_creators_take_no_room_for_what_is_absent(tmp_path: Path) -> None:
    assert sparse(Creator(creator_id="a", followers=0, bio="")) == {"creator_id": "a", "followers": 0}
    write_creators(tmp_path / "c.jsonl", [Creator(creator_id="a")])
    assert (tmp_path / "c.jsonl").read_bytes() == b'{"creator_id":"a"}\n'
