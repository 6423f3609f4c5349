"""What lies beside results, and which records a page is given: nothing is missing in silence."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from bonafit.cli import main, reporting
from bonafit.errors import BundleMissingError, InputError
from bonafit.io.read import Reject
from bonafit.io.write import write_creators, write_results
from bonafit.records import Creator, Post
from bonafit.report.material import REJECTS_SHOWN, add_bundle, add_creators, read_material
from bonafit.report.page import _trusted, check_page
from tests.sample_results import APART, RANKED
from tests.tiny_scorer import tiny_scorer


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    path = tmp_path / "scores.jsonl"
    write_results(path, [*RANKED, *APART])
    return path


def test_results_come_with_their_rejects_and_those_passed_over(scores: Path) -> None:
    plain = read_material(scores)
    assert (plain.n_results, len(plain.ranked), len(plain.apart), plain.n_rejects) == (4, 3, 1, 0)
    assert len(read_material(scores, most=1).ranked) == 1
    reject = Reject(line=1, creator_id=None, field="followers", reason="no count", found="x")
    beside = Path(f"{scores}.rejects.jsonl")
    beside.write_bytes((msgspec.json.encode(reject) + b"\n") * (REJECTS_SHOWN + 5))
    Path(f"{scores}.passed_over.jsonl").write_bytes(b'{"creator_id": "p"}\n\n{"creator_id": "q"}\n')
    material = read_material(scores)
    assert (material.n_rejects, len(material.rejects), material.n_passed_over) == (REJECTS_SHOWN + 5, REJECTS_SHOWN, 2)
    beside.write_bytes(msgspec.json.encode(reject) + b"\nno reject\n")
    with pytest.raises(InputError, match="line 2 is no reject"):
        read_material(scores)
    scores.write_bytes(b"")
    with pytest.raises(InputError, match="holds no result"):
        read_material(scores)


def test_the_first_record_of_each_creator_is_kept_and_who_is_missing_is_noted(scores: Path) -> None:
    material = read_material(scores)
    first, again = Creator(creator_id="id-greta", bio="first"), Creator(creator_id="id-greta", bio="again")
    add_creators(material, enumerate([first, again, Creator(creator_id="nobody")]))
    assert material.creators == {"id-greta": first}
    assert material.notes == ["3 creators of the results are not in the file of creators: their posts are not shown"]
    add_creators(material, ((1, Creator(creator_id=result.creator_id)) for result in material.results))
    assert len(material.notes) == 1


def test_curves_of_another_bundle_are_not_drawn(scores: Path) -> None:
    material = read_material(scores)
    bundle = tiny_scorer().bundle
    add_bundle(material, bundle)
    assert (material.bundle, material.curves, material.notes) == ("tiny", {}, [])
    add_bundle(material, msgspec.structs.replace(bundle, tables={"engagement_quality": {}}))
    assert material.curves == {}
    assert material.notes == ["the results were made by another bundle than tiny: its expected curve is not drawn"]


def creators_file(folder: Path, *names: str, broken: bool = False) -> Path:
    path = folder / "creators.jsonl"
    write_creators(path, [Creator(creator_id=name, posts=(Post(caption="a"),)) for name in names])
    if broken:
        path.write_bytes(path.read_bytes() + b'{"followers": 3}\n')
    return path


def test_the_verb_tells_which_creators_it_cannot_show(
    scores: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(path: object) -> None:
        raise BundleMissingError("no bundle is installed")

    monkeypatch.setattr(reporting, "read_bundle", none)
    out = tmp_path / "page.html"
    wrong = creators_file(tmp_path, "nobody", broken=True)
    assert main(["report", str(scores), "--creators", str(wrong), "-o", str(out)]) == 1
    told = capsys.readouterr().err
    assert "holds none of the 4 creators of the page; 1 of its rows cannot be read, the first: " in told
    assert not out.exists()
    right = creators_file(tmp_path, "id-greta", broken=True)
    assert main(["report", str(scores), "--creators", str(right), "-o", str(out)]) == 0
    told = capsys.readouterr().err
    assert "1 of its rows cannot be read, the first: " in told
    assert f"{out}: 4 creators" in told
    # a bundle that is named has to be there
    assert main(["report", str(scores), "--bundle", "nowhere", "-o", str(out)]) == 1
    assert "no bundle is installed" in capsys.readouterr().err


def test_a_brief_is_shown_as_the_bundle_reads_it_where_there_is_one(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(bundle: object, **options: object) -> None:
        raise BundleMissingError("no bundle is installed")

    monkeypatch.setattr(reporting.Scorer, "load", none)
    brief, _ = reporting.page_brief(str(repository / "examples" / "brief.toml"))
    assert reporting._understood(None, None) is None
    assert reporting._understood(brief, None) is None
    with pytest.raises(BundleMissingError):
        reporting._understood(brief, "nowhere")


def test_where_a_page_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_page("-")
    check_page(tmp_path / "page.HTML")
    (tmp_path / "folder.html").mkdir()
    for name, says in (
        ("page.txt", "expected a name that ends with .html"),
        ("folder.html", "is a folder"),
        ("nowhere/page.html", "no such folder"),
    ):
        with pytest.raises(InputError, match=says):
            check_page(tmp_path / name)
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(InputError, match="not allowed to write there"):
        check_page(tmp_path / "page.html")


def test_a_script_of_ours_that_would_end_its_element_is_refused() -> None:
    assert str(_trusted("let a = 1 < 2")) == "let a = 1 < 2"
    with pytest.raises(ValueError, match="would end its element early"):
        _trusted("let a = '</script>'")
