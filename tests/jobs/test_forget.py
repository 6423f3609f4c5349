"""Nothing readable is kept unasked, and a creator who is forgotten is in no byte of cache, index and results."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit.cli import main
from bonafit.errors import InputError
from bonafit.index import store
from bonafit.io.write import write_results
from bonafit.jobs.forget import forget_in_cache, forget_in_results, occurrences
from bonafit.scorer.scorer import Scorer
from tests.index.test_index_store import contents, empty, row
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer

CANARY = "zqxcanary"


def planted(n: int) -> list:
    """Invented creators, the canary in id, handle, name, bio and caption of the first."""
    first, *others = creators(n)
    posts = tuple(msgspec.structs.replace(post, caption=f"{CANARY} {post.caption}") for post in first.posts)
    names = {name: f"{CANARY}-{name}" for name in ("creator_id", "handle", "display_name", "bio")}
    return [msgspec.structs.replace(first, posts=posts, **names), *others]


def scored(cache: Path | None) -> list:
    plain = tiny_scorer()
    scorer = Scorer(plain.panel, cache=cache)
    try:
        return scorer.score(planted(20), BRIEF)
    finally:
        scorer.cache.close()


def test_a_cache_holds_no_word_of_anybody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    results = scored(tmp_path)
    assert any(CANARY in evidence.text for part in results[0].components for evidence in part.evidence)
    raw = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert len(raw) > 10_000
    assert occurrences(tmp_path, CANARY) == 0
    for result in results:
        assert result.creator_id.encode() not in raw or len(result.creator_id) < 4
    assert CANARY not in caplog.text
    assert scored(tmp_path) == results


def test_what_earlier_versions_kept_in_clear_goes(tmp_path: Path) -> None:
    (tmp_path / "answers-1").mkdir()
    (tmp_path / "answers-1" / "answers.sqlite").write_text(CANARY)
    scored(tmp_path)
    assert not (tmp_path / "answers-1").exists()


def test_a_cache_forgets_one_and_answers_the_others(tmp_path: Path) -> None:
    scored(tmp_path)
    removed = forget_in_cache(tmp_path, f"{CANARY}-creator_id", keep_vectors=True)
    assert [(item.what, item.n, item.left) for item in removed] == [("results", 1, 0)]
    assert forget_in_cache(tmp_path, f"{CANARY}-creator_id")[0].n == 0
    assert forget_in_cache(tmp_path, planted(20)[1].creator_id)[0].n == 1
    with pytest.raises(InputError, match="no such folder"):
        forget_in_cache(tmp_path / "none", "x")


@pytest.mark.parametrize("name", ["s.jsonl", "s.jsonl.gz", "s.csv", "s.csv.zst", "s.parquet"])
def test_result_files_forget_one_and_keep_the_bytes_of_the_others(tmp_path: Path, name: str) -> None:
    results, path, other = scored(None), tmp_path / name, tmp_path / f"other-{name}"
    write_results(path, results)
    write_results(other, results[1:])
    beside = Path(f"{path}.rejects.jsonl")
    beside.write_text(f'{{"line":1,"creator_id":"{CANARY}-creator_id"}}\n{{"line":2,"creator_id":null}}\n')
    removed = forget_in_results(path, f"{CANARY}-creator_id")
    assert [(item.n, item.left) for item in removed] == [(1, 0), (1, 0)]
    assert beside.read_text() == '{"line":2,"creator_id":null}\n'
    if name.endswith(".parquet"):
        assert pq.read_table(path).equals(pq.read_table(other))
    else:
        assert path.read_bytes() == other.read_bytes()


def test_result_files_that_cannot_be_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    with pytest.raises(InputError, match="no such file"):
        forget_in_results(path, "x")
    path.write_text("")
    (tmp_path / "s.jsonl.parts").mkdir()
    with pytest.raises(InputError, match="not finished"):
        forget_in_results(path, "x")
    for name, content in (("s.zip", b"PK"), ("s.csv", b"name,score\n"), ("empty.csv", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=r"expected \.jsonl|no column creator_id"):
            forget_in_results(tmp_path / name, "x")
        assert (tmp_path / name).read_bytes() == content
    pq.write_table(pa.table({"name": ["x"]}), tmp_path / "s.parquet")
    with pytest.raises(InputError, match="no column creator_id"):
        forget_in_results(tmp_path / "s.parquet", "x")
    with pytest.raises(InputError, match="no such folder"):
        forget_in_cache(tmp_path / "nowhere", "x")


def test_an_index_forgets_who_was_deleted_before_too(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    with store.Writer(path) as writer:
        writer.upsert(row(name, i) for i, name in enumerate(("kept-1", f"{CANARY}-1", f"{CANARY}-2")))
    assert occurrences(path, CANARY) == 2
    assert store.forget(path, f"{CANARY}-1") == 1
    with store.Writer(path) as writer:
        writer.delete([f"{CANARY}-2"])
    assert occurrences(path, CANARY) == 1
    assert store.forget(path, f"{CANARY}-2") == 0
    assert occurrences(path, CANARY) == 0
    assert list(contents(path)) == ["kept-1"]


def test_the_command_proves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cache, index, path = tmp_path / "cache", empty(tmp_path / "i"), tmp_path / "s.jsonl"
    write_results(path, scored(cache))
    creator_id = f"{CANARY}-creator_id"
    with store.Writer(index) as writer:
        writer.upsert([row(creator_id), row("other")])
    asked = ["forget", creator_id, "--cache", str(cache), "--index", str(index), "--results", str(path)]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert f"{path}: 1 rows removed, the id stands there 0 times now" in told
    assert sum(CANARY.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()) == 0
    # another creator's text that names the forgotten one is left, and said
    path.write_text(json.dumps({"creator_id": "x", "text": f"with {creator_id}"}) + "\n")
    assert main(["forget", creator_id, "--results", str(path)]) == 1
    assert "the id stands there 1 times now" in capsys.readouterr().out
    assert main(["forget", creator_id]) == 1
