"""Files for people, opened again by other libraries: values equal, ranked, nothing that a spreadsheet would execute."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.errors import InputError
from bonafit.explanations.explain import explain
from bonafit.io.write import DANGEROUS
from bonafit.jobs.ranking import rank
from bonafit.outputs.ranked import Ranked
from bonafit.outputs.readable_csv import write_csv
from bonafit.outputs.rows import columns, row
from bonafit.outputs.workbook import write_workbook
from bonafit.outputs.write import for_people, is_workbook
from bonafit.results import CreatorScore
from tests.sample_results import APART, RANKED, result

ATTACK = '=HYPERLINK("http://x","y")'
RESULTS = [*APART, *reversed(RANKED), result(ATTACK, 0.5, "review", why=("+1 of it",))]


def lines(results: list[CreatorScore]) -> Iterator[bytes]:
    return map(msgspec.json.encode, results)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows()
    return [{str(title.value): cell for title, cell in zip(header, cells, strict=True)} for cells in rows]


def test_results_come_in_the_order_of_their_ranking_as_often_as_asked() -> None:
    with Ranked(lines(RESULTS)) as results:
        assert len(results) == 5
        for _ in range(2):
            got = list(results)
            assert [one for _, one in got] == rank(RESULTS)
            assert [place for place, _ in got] == [1, 2, 3, 4, None]


def test_csv_is_ranked_rounded_and_in_words(tmp_path: Path) -> None:
    with Ranked(lines(RESULTS)) as results:
        assert write_csv(tmp_path / "x.csv", results) == 5
    rows = read_csv(tmp_path / "x.csv")
    best = explain(RANKED[0])
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", ""]
    first = rows[0]
    assert (first["handle"], first["platform"], first["followers"]) == ("greta", "instagram", "8200")
    assert (first["price"], first["currency"], first["verdict"]) == ("450", "EUR", "shortlist")
    assert first["link"] == "https://www.instagram.com/greta/"
    assert (first["score"], first["score from"], first["score to"]) == ("0.900", "0.850", "0.950")
    assert (first["fit"], first["authenticity to"], first["engagement"]) == ("0.900", "0.800", "")
    assert (first["ads"], first["promoted before"]) == ("0.250", "'=kettlebird")
    assert first["reason 1"] == best.reasons()[0][1].sentence
    assert "The same few people comment under most posts." in rows[1]["look before booking"]
    assert rows[-1]["why"] == "The account is private and shows no posts."
    assert "A sample of followers is missing." in first["not looked at"]


def test_no_cell_of_a_csv_is_executed(tmp_path: Path) -> None:
    with Ranked(lines(RESULTS)) as results:
        write_csv(tmp_path / "x.csv.gz", results)
    text = gzip.decompress((tmp_path / "x.csv.gz").read_bytes()).decode("utf-8-sig")
    cells = [cell for cells in csv.reader(text.splitlines()) for cell in cells]
    assert "'" + ATTACK in cells
    assert "'+1 of it" in cells
    assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


def test_a_workbook_holds_the_same_values_as_numbers_with_formats(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with Ranked(lines(RESULTS)) as results:
        assert write_workbook(path, results) == 5
        told = {one.creator_id: row(place, one) for place, one in results}
    ranking = sheet_rows(path, "Ranking")
    assert [cells["rank"].value for cells in ranking] == [1, 2, 3, 4]
    for cells in ranking:
        for cell, known in zip(cells.values(), told[cells["id"].value], strict=True):
            # a workbook holds sixteen figures of a number
            assert cell.value == (pytest.approx(known, rel=1e-15) if isinstance(known, float) else known)
        assert cells["score"].number_format == "0%"
        assert cells["followers"].number_format == "#,##0"
    apart = sheet_rows(path, "Not judged")
    assert [cells["what is missing"].value for cells in apart] == ["The account is private and shows no posts."]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Ranking", "Reasons", "Not judged", "How to read"]
    for name in ("Ranking", "Reasons", "Not judged"):
        assert book[name].freeze_panes[1:] == "2"
        assert book[name].auto_filter.ref.startswith("A1:")
    widths = {column.title: column.width for column in columns()}
    assert book["Ranking"].column_dimensions["B"].width == pytest.approx(widths["handle"], abs=1)


def test_the_sheet_of_reasons_sums_to_every_answer(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with Ranked(lines(RESULTS)) as results:
        write_workbook(path, results)
    sums: dict[tuple[int, str], float] = {}
    for cells in sheet_rows(path, "Reasons"):
        place = (cells["rank"].value, cells["question"].value)
        sums[place] = sums.get(place, 0.0) + cells["moves the answer by"].value
    assert sums[1, "fit"] == pytest.approx(RANKED[0].niche_fit.value)
    assert sums[1, "authenticity"] == pytest.approx(RANKED[0].authenticity.value)


def test_reasons_that_a_sheet_cannot_hold_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.xlsx"
    monkeypatch.setattr("bonafit.outputs.workbook.MOST_ROWS", 12)
    with Ranked(lines(RESULTS)) as results:
        write_workbook(path, results)
    ranks = [cells["rank"].value for cells in sheet_rows(path, "Reasons")]
    assert set(ranks) == {1, 2}
    assert len(ranks) <= 12
    notes = [cells["how to read"].value for cells in sheet_rows(path, "How to read")]
    assert notes[0] == "Reasons are listed of the first 2 creators, since a sheet holds no more."
    monkeypatch.setattr("bonafit.outputs.workbook.MOST_ROWS", 4)
    with Ranked(lines(RESULTS)) as results, pytest.raises(InputError, match=r"5 results, a sheet holds 4; name a .csv"):
        write_workbook(path, results)


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with Ranked(lines(RESULTS)) as results:
        write_workbook(path, results)
    assert ATTACK in {cells["handle"].value for cells in sheet_rows(path, "Ranking")}
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 4
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]


NAMES = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and "\x00" not in text)


@settings(max_examples=4, deadline=None)
@given(st.lists(NAMES, min_size=30, max_size=30))
def test_any_name_comes_back_from_both(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    plain = result("h", 0.5, "review")
    ones = [
        msgspec.structs.replace(
            plain, creator_id=f"{i:02d}", profile=msgspec.structs.replace(plain.profile, display_name=name)
        )
        for i, name in enumerate(names)
    ]
    folder = tmp_path_factory.mktemp("any")
    with Ranked(lines(ones)) as results:
        write_csv(folder / "x.csv", results)
        write_workbook(folder / "x.xlsx", results)
    with (folder / "x.csv").open(encoding="utf-8-sig", newline="") as handle:
        in_csv = [cells["name"] for cells in csv.DictReader(handle)]
    assert [name.removeprefix("'") for name in in_csv] == [name.removeprefix("'") for name in names]
    assert not any(name.startswith(DANGEROUS) for name in in_csv)
    held = [cells["name"] for cells in sheet_rows(folder / "x.xlsx", "Ranking")]
    assert {cell.data_type for cell in held} == {"s"}


def test_the_name_says_for_whom() -> None:
    assert for_people("x.jsonl", full=False) is None
    assert for_people("x.parquet", full=False) is None
    assert for_people("x.csv", full=True) is None
    assert for_people("x.csv.gz", full=False) is not None
    assert for_people("X.XLSX", full=False) is not None
    assert not is_workbook("x.csv")
    with pytest.raises(InputError, match=r"--full is for programs; name a .csv"):
        for_people("x.xlsx", full=True)
    with pytest.raises(InputError, match="compressed already"):
        for_people("x.xlsx.gz", full=False)


def test_a_workbook_without_its_library_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bonafit.outputs.workbook.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'bonafit\[report\]', or name a .csv"):
        for_people("x.xlsx", full=False)


def test_nobody_to_write_is_a_header_alone(tmp_path: Path) -> None:
    with Ranked(iter(())) as results:
        assert write_csv(tmp_path / "x.csv", results) == 0
        assert write_workbook(tmp_path / "x.xlsx", results) == 0
    assert read_csv(tmp_path / "x.csv") == []
    assert sheet_rows(tmp_path / "x.xlsx", "Ranking") == []
