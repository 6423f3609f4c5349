"""docs/formats.md names the fields and other names that the program has, and its examples are read."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from bonafit.io.brief import read_brief
from bonafit.io.documented import documented
from bonafit.io.formats import SUFFIXES
from bonafit.io.read import Reject, read_creators
from bonafit.io.rows.fields import SHAPES
from bonafit.io.streams import CODECS
from bonafit.records import AudienceAccount, Brief, Comment, Creator, FollowerPoint, Post
from bonafit.tiers import TIER_SCHEMES


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    return (repository / "docs" / "formats.md").read_text(encoding="utf-8")


def table(text: str, heading: str) -> list[list[str]]:
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, heading
    rows = [line.strip("|\n ").split("|") for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def example(text: str, kind: str) -> str:
    block = re.search(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block, kind
    return block[1]


@pytest.mark.parametrize("kind", [Creator, Post, Comment, AudienceAccount, FollowerPoint])
def test_tables_are_the_records(text: str, kind: type[msgspec.Struct]) -> None:
    rows = table(text, kind.__name__)
    assert [row[0].strip("`") for row in rows] == list(kind.__struct_fields__)


def test_other_names_and_vendors_are_those_of_the_code(text: str) -> None:
    assert documented(text) == text, "python -m bonafit.io.documented docs/formats.md"


# what the tables may call a field, by its shape; a code is a name in lower case
CALLED = {
    "id": {"id", "name"},
    "code": {"name"},
    "text": {"text", "name"},
    "names": {"list of names"},
    "records": {"list of posts", "list of comments", "list of accounts", "list of points"},
}


@pytest.mark.parametrize("kind", [Creator, Post, Comment, AudienceAccount, FollowerPoint])
def test_types_are_the_records(text: str, kind: type[msgspec.Struct]) -> None:
    for row in table(text, kind.__name__):
        shape = SHAPES[kind][row[0].strip("`")]
        assert row[1] in CALLED.get(shape, {shape})


def test_the_brief_and_the_rejects(text: str) -> None:
    assert [row[0].strip("`") for row in table(text, "Brief")] == list(Brief.__struct_fields__)
    assert [row[0].strip("`") for row in table(text, "Rejects")] == list(Reject.__struct_fields__)
    [schemes] = [row[2] for row in table(text, "Brief") if row[0] == "`tier_scheme`"]
    assert re.findall("`([^`]+)`", schemes) == [*TIER_SCHEMES, "custom"]


def test_file_names(text: str) -> None:
    rows = table(text, "Input files")
    assert [name for row in rows for name in re.findall("`([^`]+)`", row[1])] == list(SUFFIXES)
    assert all(f"`{codec}`" in text for codec in CODECS)


def test_the_examples_are_read(text: str, tmp_path: Path, repository: Path) -> None:
    line = example(text, "json creator").replace("\n", " ")
    (tmp_path / "c.jsonl").write_text(line, encoding="utf-8")
    (tmp_path / "c.csv").write_text(example(text, "csv creators"), encoding="utf-8")
    (tmp_path / "bare.csv").write_text("creator_id,followers\nc-17,8200\n", encoding="utf-8")
    (tmp_path / "posts.csv").write_text(example(text, "csv posts"), encoding="utf-8")
    (tmp_path / "brief.toml").write_text(example(text, "toml brief"), encoding="utf-8")
    [(_, nested)] = read_creators(tmp_path / "c.jsonl", on_reject=pytest.fail)
    [(_, flat)] = read_creators(tmp_path / "c.csv", on_reject=pytest.fail)
    [(_, joined)] = read_creators(tmp_path / "bare.csv", posts=tmp_path / "posts.csv", on_reject=pytest.fail)
    assert nested.posts[0].likes == flat.posts[0].likes == joined.posts[0].likes == 310
    assert joined.posts[0].tags == ("skincare", "spf")
    assert joined.posts[1].likes is None
    assert nested.extra == flat.extra == joined.extra == {}
    assert read_brief(tmp_path / "brief.toml").max_followers == 80_000
    rejects: list[Reject] = []
    list(read_creators(repository / "examples" / "messy.jsonl", on_reject=rejects.append))
    assert msgspec.json.decode(example(text, "json reject"), type=Reject) in rejects
