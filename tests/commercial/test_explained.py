"""The X-ray reaches every output: explain, flags, verdicts, columns of files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bonafit.bundle.resolve import newest_bundle
from bonafit.cli.commercial import commercial
from bonafit.io.write import write_results
from bonafit.records import Brief, Creator, Post
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer

NOW = datetime(2026, 9, 20, tzinfo=UTC)
CAPTIONS = (
    "Werbung | new cream by @nivora, code ANNA10",
    "a slow morning with skincare",
    "thanks @vellune for sending me this serum",
    "my skin barrier, week three",
    "#ad @nivora serum",
    "sunscreen every day",
    "AD | @nivora again",
    "what my skin likes",
)
CREATOR = Creator(
    creator_id="a", handle="anna", platform="instagram", country="de", followers=9_000, bio="skincare",
    posts=tuple(
        Post(post_id=f"p{i}", caption=text, posted_at=NOW - timedelta(days=12 * i), likes=likes, comments=likes // 14)
        for i, (text, likes) in enumerate(zip(CAPTIONS, (262, 410, 301, 238, 355, 287, 196, 334), strict=True))
    ),
)  # fmt: skip
BRIEF = Brief(brand="Aubelle", description="Gentle skincare for sensitive skin.", competitors=("Nivora", "Target"))


@pytest.fixture(scope="module")
def result(repository: Path) -> CreatorScore:
    with Scorer.load(newest_bundle(repository / "models"), threads=1) as scorer:
        return scorer.score([CREATOR], BRIEF)[0]


def test_the_verdict_names_the_competitor(result: CreatorScore) -> None:
    assert "commercial:competitor_ambassador:Nivora" in result.flags
    assert result.verdict == "review"
    assert any("Nivora" in reason and "competitor" in reason for reason in result.verdict_reasons)


def test_the_screen_says_who_paid_when_and_how_it_is_said(result: CreatorScore) -> None:
    text = commercial(result, width=100)
    for part in (
        "8 of 8 posts looked at",
        "nivora: 3 posts, 3 declared, 2026-07-10 to 2026-09-20",
        "Nivora: stands for them",
        "Target: not mentioned",
        "Germany: 1 clear",
        "de: clear, werbung",
        "code: ANNA10",
        "hints at a deal, vellune",
        "what is shown in pictures and videos",
    ):
        assert part in text, text
    assert "illegal" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_older_results_have_none(result: CreatorScore) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(result))
    del stored["commercial"]
    older = msgspec.convert(stored, CreatorScore)
    assert older.commercial is None
    assert "older than the X-ray" in commercial(older)
    assert msgspec.json.decode(msgspec.json.encode(result), type=CreatorScore) == result


def test_columns_of_files(result: CreatorScore, tmp_path: Path) -> None:
    write_results(tmp_path / "s.csv", [result, msgspec.structs.replace(result, commercial=None)])
    rows = list(csv.DictReader((tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[0]["ad_load"], rows[0]["partners"]) == ("0.5", "nivora | vellune")
    assert rows[0]["competitors"] == "Nivora: ambassador"
    assert rows[1]["ad_load"] == rows[1]["partners"] == ""
    write_results(tmp_path / "s.parquet", [result])
    assert (tmp_path / "s.parquet").stat().st_size > 0
