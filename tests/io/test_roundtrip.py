"""What is written is what is read, in every format, and every row is accounted for."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.io.arrow_schema import batch_of
from bonafit.io.read import ReadReport, Reject, creator_from_dict, creators_from_batch, read_creators, validate_creator
from bonafit.io.rows.traces import collected
from bonafit.io.write import sparse, write_creators
from bonafit.records import Creator, Post
from tests.record_strategies import CHARACTERS, CREATORS, JSON, POSTS

# names of common exports that only rename a field
RENAMED = {
    "id": "creator_id",
    "username": "handle",
    "full_name": "display_name",
    "biography": "bio",
    "follower_count": "followers",
    "followersCount": "followers",
    "following_count": "following",
    "mediaCount": "posts_count",
    "is_verified": "verified",
    "isPrivate": "is_private",
}
UNIQUE = st.lists(CREATORS, max_size=4, unique_by=lambda creator: creator.creator_id)
PROPERTY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(path: Path | str, **options: object) -> tuple[list[Creator], list[Reject], ReadReport]:
    rejects: list[Reject] = []
    report = ReadReport()
    creators = [c for _, c in read_creators(path, on_reject=rejects.append, report=report, **options)]
    assert report.rows == report.accepted + report.rejected
    assert report.accepted == len(creators)
    assert report.post_rows == report.post_rows_attached + report.post_rows_rejected
    assert report.rejected + report.post_rows_rejected == len(rejects)
    return creators, rejects, report


@pytest.mark.slow
@pytest.mark.parametrize("name", ["c.jsonl", "c.jsonl.gz", "c.jsonl.zst", "c.csv.zst", "c.parquet"])
@PROPERTY
@given(creators=UNIQUE)
def test_creators_come_back_equal(tmp_path_factory: pytest.TempPathFactory, name: str, creators: list[Creator]) -> None:
    path = tmp_path_factory.mktemp("roundtrip") / name
    assert write_creators(path, creators) == len(creators)
    back, rejects, _ = read(path)
    assert not rejects
    assert back == creators


def test_a_price_of_three_decimals_is_no_thousand(tmp_path: Path) -> None:
    creators = [Creator(creator_id="a", price=1.875), Creator(creator_id="b", price=12.5), Creator(creator_id="c")]
    for few in (creators, creators[:1], creators[::2]):
        write_creators(tmp_path / "c.csv", few)
        assert read(tmp_path / "c.csv")[0] == few


@PROPERTY
@given(
    creator=CREATORS,
    renamed=st.sets(st.sampled_from(sorted(RENAMED))),
    unknown=st.dictionaries(st.text(CHARACTERS, max_size=3).map("?q".__add__), JSON | st.none(), max_size=2),
    doubled=st.booleans(),
)
def test_the_fast_way_of_json_lines_reads_what_the_general_way_reads(
    tmp_path_factory: pytest.TempPathFactory,
    creator: Creator,
    renamed: set[str],
    unknown: dict[str, object],
    doubled: bool,
) -> None:
    row = {**sparse(creator), **unknown}
    for alias in sorted(renamed):
        name = RENAMED[alias]
        if name in row:
            row[alias] = row[name] if doubled else row.pop(name)
    path = tmp_path_factory.mktemp("renamed") / "c.jsonl"
    path.write_bytes(msgspec.json.encode(row))
    general = ReadReport()
    expected = creator_from_dict(msgspec.json.decode(path.read_bytes()), report=general)
    back, _, report = read(path)
    assert back == [expected]
    assert (report.unknown, report.aliases) == (general.unknown, general.aliases)


@PROPERTY
@given(creator=CREATORS)
def test_validation_leaves_valid_creators_alone(creator: Creator) -> None:
    assert validate_creator(creator) == creator


@pytest.mark.slow
@PROPERTY
@given(creators=st.lists(CREATORS, max_size=4))
def test_batches_of_arrow_give_the_creators_they_were_made_of(creators: list[Creator]) -> None:
    assert creators_from_batch(batch_of(creators, Creator)) == creators
    sliced = batch_of(creators, Creator).slice(1)
    assert creators_from_batch(sliced) == creators[1:]


@pytest.mark.slow
@PROPERTY
@given(creators=UNIQUE, posts=st.lists(st.tuples(st.integers(0, 3), POSTS), max_size=8))
@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_a_posts_file_is_joined_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    format: str,
    creators: list[Creator],
    posts: list[tuple[int, object]],
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    bare = [msgspec.structs.replace(creator, posts=()) for creator in creators]
    write_creators(folder / "creators.csv", bare)
    owned = [(creators[i].creator_id if i < len(creators) else "nobody", post) for i, post in posts]
    known = {creator.creator_id for creator in creators}
    if format == "jsonl":
        lines = [msgspec.json.encode({"creator_id": owner, **sparse(post)}) for owner, post in owned]
        (folder / "posts.jsonl").write_bytes(b"\n".join(lines))
    else:
        write_posts_csv(folder / "posts.csv", owned)
    if not creators:
        (folder / "creators.csv").write_text("creator_id\n", encoding="utf-8")
    back, rejects, report = read(folder / "creators.csv", posts=folder / f"posts.{format}")
    for creator in back:
        given_posts = tuple(post for owner, post in owned if owner == creator.creator_id)
        whole = msgspec.structs.replace(creator, posts=given_posts)
        assert creator.posts == collected(whole, lambda what: None).posts
    assert [reject.creator_id for reject in rejects] == [owner for owner, _ in owned if owner not in known]
    assert all(reject.source == "posts" for reject in rejects)
    assert report.post_rows == len(owned)


def write_posts_csv(path: Path, owned: list[tuple[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["creator_id", *Post.__struct_fields__])
        for owner, post in owned:
            plain = sparse(post)
            writer.writerow([owner, *(cell(plain.get(name)) for name in Post.__struct_fields__)])


def cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["creators.jsonl", "creators.jsonl.gz", "creators.jsonl.zst", "creators.csv", "creators.parquet"]
)
def test_standard_input_and_files_read_the_same(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plain, rejects, _ = read(repository / "examples" / "creators.jsonl")
    assert not rejects
    path = tmp_path / name
    write_creators(path, plain)
    from_file, _, _ = read(path)
    # piped: not seekable, no name; the format shows in the first bytes
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(path.read_bytes())))
    from_stdin, _, _ = read("-")
    assert from_file == from_stdin == plain


@pytest.mark.slow
def test_a_name_that_lies_about_compression_is_read_by_content(tmp_path: Path, repository: Path) -> None:
    source = repository / "examples" / "creators.jsonl"
    misnamed = tmp_path / "creators.jsonl.gz"
    misnamed.write_bytes(source.read_bytes())
    assert read(misnamed)[0] == read(source)[0]
