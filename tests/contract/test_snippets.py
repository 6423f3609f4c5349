"""The Python that README and the pages of the library print runs as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from bonafit import Brief, Creator, Scorer
from bonafit.index import CreatorIndex
from bonafit.io.read import read_creators

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, having: str = "") -> list[str]:
    """Python blocks of a page in which some text stands."""
    found = [block for block in BLOCK.findall(page.read_text(encoding="utf-8")) if having in block]
    assert found, f"{page}: no block with {having!r}"
    return found


def run(code: list[str], names: dict[str, Any]) -> dict[str, Any]:
    """The blocks one after another in one namespace that holds `names`."""
    for block in code:
        exec(compile(block, "snippet", "exec"), names)
    return names


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    with Scorer.load() as scorer:
        yield scorer


@pytest.fixture(scope="module")
def few(repository: Path) -> list[Creator]:
    read = read_creators(repository / "examples" / "creators.jsonl", on_reject=pytest.fail)
    chosen = (creator for _, creator in read if creator.language == "en" and len(creator.posts) > 3)
    return [msgspec.structs.replace(one, posts=one.posts[:4]) for one, _ in zip(chosen, range(8), strict=False)]


@pytest.mark.slow
def test_readme_runs(repository: Path, few: list[Creator]) -> None:
    frame = pl.DataFrame({"creator_id": [one.creator_id for one in few], "bio": [one.bio for one in few]})
    names = run(blocks(repository / "README.md"), {"frame": frame})
    assert names["result"].niche_fit.value is not None
    assert names["table"].num_rows == len(few)
    names["scorer"].close()


@pytest.mark.slow
def test_the_stages_of_a_list_run(repository: Path, tmp_path: Path, scorer: Scorer, few: list[Creator]) -> None:
    brief = Brief(brand="B", description="Gentle skincare for sensitive skin.")
    with CreatorIndex.build(tmp_path / "i", scorer, few, threads=1) as index:
        names: dict[str, Any] = {"index": index, "scorer": scorer, "brief": brief, "request_number": 1}
        names["records"] = {one.creator_id: one for one in few}
        run(blocks(repository / "docs" / "service.md", "policy = Ordering("), names)
    assert len(names["ordered"].places) == sum(result.score is not None for result in names["results"])


@pytest.mark.slow
def test_the_index_page_runs(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scorer: Scorer, few: list[Creator]
) -> None:
    monkeypatch.chdir(tmp_path)
    CreatorIndex.build(tmp_path / "creators.index", scorer, few, threads=1).close()
    names: dict[str, Any] = {"brief": Brief(brand="B", description="Gentle skincare for sensitive skin.")}
    code = [
        # the sample has few creators of one platform, and the first place must be there
        block.replace('filters=Filters(platforms=("tiktok",), min_followers=1_000)', "filters=Filters()")
        for block in blocks(repository / "docs" / "index.md", "CreatorIndex(")
    ]
    assert run(code, names)["answer"].best
