"""The judge: aligned texts, honest bases, changes that change what they say, rows that hold or do not."""

from __future__ import annotations

import math
from pathlib import Path
from string import Formatter

import msgspec
import pytest
from benchmarks.judge.bases import bases
from benchmarks.judge.changes import SPELLED, changes
from benchmarks.judge.edits import scaled
from benchmarks.judge.measures import Row, outcome
from benchmarks.judge.orders import orders
from benchmarks.judge.report import TABLE, Report, no_longer, tables_digest
from benchmarks.judge.rules import table
from benchmarks.judge.run import Part, judged
from benchmarks.judge.texts import LANGUAGES, NICHES, brief_of, language_texts

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import newest_bundle


def frames_of(language: str) -> dict[str, list[str]]:
    words = dict(language_texts(language))
    nested = {f"{key}.{name}": v for key in ("unsafe", "topics") for name, v in words.pop(key).items()}
    return words | nested


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    def slots(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english, other = frames_of("en"), frames_of(language)
    assert english.keys() == other.keys()
    for key, texts in english.items():
        assert [slots(text) for text in texts] == [slots(text) for text in other[key]], key
        assert len(set(other[key])) == len(texts), key


@pytest.mark.slow
def test_bases_are_honest_creators_in_every_language_and_niche() -> None:
    some = bases(72, 1)
    assert bases(72, 1) == some != bases(72, 2)
    assert {base.language for base in some} == set(LANGUAGES)
    assert {base.niche for base in some} == set(NICHES)
    assert len(LANGUAGES) == 18
    for base in some:
        creator = base.creator
        assert len(creator.posts) == 40
        assert len({comment.author for comment in creator.comments}) >= 30
        assert len({post.caption for post in creator.posts}) >= 38
        assert 2_000 <= (creator.followers or 0) <= 300_000
        dates = [post.posted_at for post in creator.posts if post.posted_at is not None]
        assert dates == sorted(dates)


def test_a_change_leaves_everything_else_alone() -> None:
    base = bases(1, 1)[0]
    assert scaled(base.creator, likes=1) == base.creator
    bought = changes()["likes x5"](base)
    assert bought is not None
    assert [p.comments for p in bought.posts] == [p.comments for p in base.creator.posts]
    assert [p.likes for p in bought.posts] == [5 * (p.likes or 0) for p in base.creator.posts]


def test_every_change_that_a_row_asks_for_is_known_and_does_something() -> None:
    base = next(b for b in bases(12, 1) if b.creator.audience and b.creator.follower_history)
    for name, change in changes().items():
        changed = change(base)
        if name != "clean" and changed == base.creator:
            spelt = name.partition(": ")[0] in SPELLED
            assert spelt or name.endswith((": absent", ": none")) or name.startswith("label "), name


def test_a_brief_grows_by_what_is_not_about_the_niche() -> None:
    line, paragraph, page = (brief_of("coffee", length=length).description for length in ("line", "paragraph", "page"))
    assert line in paragraph
    assert paragraph in page
    assert len(page) > 3 * len(paragraph) > 3 * len(line)


def constant(value: float | None) -> Row:
    return Row(3, "r", "A", lambda base, answers: value, high=0.0)


def test_a_row_holds_in_the_mean_and_for_nineteen_of_twenty() -> None:
    row = constant(0.0)
    assert outcome(row, [-0.1] * 19 + [0.5]).holds
    assert not outcome(row, [-0.1] * 18 + [0.5, 0.5]).holds
    assert not outcome(row, [0.0] * 99 + [5.0]).holds
    assert outcome(row, [None, -1.0, None]).n == 1
    assert not outcome(row, [None]).holds
    found = outcome(row, [-0.2, math.nan])
    assert (found.holds, found.unjudged, found.worst, found.share) == (False, 1, -0.2, 0.5)
    never = Row(3, "r", "A", lambda base, answers: None, high=0.0, every=True)
    assert not outcome(never, [-0.1] * 99 + [0.001]).holds


def test_every_rule_has_rows_of_its_own_name() -> None:
    rows = table()
    assert {row.rule for row in rows} == {*range(1, 15), 16}
    keys = [(row.rule, row.name, row.figure) for row in rows]
    assert len(set(keys)) == len(keys)


def test_an_order_has_places_and_no_creator_twice() -> None:
    for order in orders(4, 1):
        ids = [member.creator.creator_id for member in order.members]
        assert len(set(ids)) == len(ids) == 16
        assert all(member.place <= 1 for member in order.members if member.manipulated)


def test_a_row_that_no_longer_holds_is_named() -> None:
    def report(holds: bool) -> Report:
        row = outcome(constant(0.0), [-1.0 if holds else 1.0])
        return Report(bundle="b", tables="d", bases=1, orders=0, seed=1, rows=(row,))

    assert no_longer(report(False), report(True)) == ["3. r, A"]
    assert no_longer(report(True), report(True)) == no_longer(report(False), report(False)) == []


# Rules whose changes leave the texts alone, so that four bases are judged in seconds.
QUICK = frozenset({3, 4, 6, 7, 8, 9, 10, 11})


@pytest.mark.slow
def test_what_every_base_kept_at_the_last_publication_is_still_kept(repository: Path, tmp_path: Path) -> None:
    committed = msgspec.json.decode(TABLE.read_bytes(), type=Report)
    bundle = newest_bundle(repository / "models")
    if committed.tables != tables_digest(read_bundle(bundle).manifest):
        pytest.skip(f"the table is of other tables than {bundle.name}'s: make judge TABLE=yes")
    part = Part(str(bundle), tmp_path, 4, committed.seed, QUICK, NICHES)
    rows = judged(part, jobs=1)
    assert {row.rule for row in rows} == QUICK
    honest = next(row for row in rows if row.name == "honest bases")
    assert honest.mean is not None
    assert 0 < honest.mean < 1
    kept = [row for row in committed.rows if row.holds and row.share == 1.0 and row.rule in QUICK]
    assert len(kept) > 20
    found = msgspec.structs.replace(committed, rows=tuple(rows))
    assert no_longer(found, msgspec.structs.replace(committed, rows=tuple(kept))) == []
