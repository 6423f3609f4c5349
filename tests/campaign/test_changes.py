"""What moved and why; what drifted, and how seldom without a cause."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.campaign.changes import changes
from bonafit.campaign.drift import adjusted, columns_of, compare, drift
from bonafit.campaign.outcomes import Outcome
from bonafit.cli import main
from bonafit.errors import InputError
from bonafit.results import Contribution, CreatorScore, Reason
from tests.campaign.makers import result

replace = msgspec.structs.replace


def scored(
    name: str, fit: float = 0.8, *, digest: str = "0" * 32, bundle: str = "b" * 64, genuine: float = 0.9
) -> CreatorScore:
    """A creator whose score is the mean of two heads, with a reason each."""
    plain = result(name, fit=fit, genuine=genuine, bundle=bundle)
    heads = {
        head: replace(
            getattr(plain, head),
            reasons=(Reason(feature="posts", seen=value, effect=value, points=value, text=f"{head} of {value}"),),
        )
        for head, value in (("niche_fit", fit), ("authenticity", genuine))
    }
    parts = tuple(
        Contribution(component=head, weight=0.5, value=value, effective_weight=0.5, points=0.5 * value)
        for head, value in (("niche_fit", fit), ("authenticity", genuine))
    )
    return replace(plain, score=(fit + genuine) / 2, contributions=parts, input_digest=digest, **heads)


def test_new_data_of_one_creator() -> None:
    found = changes([scored("a"), scored("b")], [scored("a"), scored("b", genuine=0.5, digest="1" * 32)])
    assert (found.brief, found.bundle_changed, found.unchanged) == ("same", False, 1)
    (moved,) = found.moved
    assert moved.causes == ("data",)
    assert moved.change == pytest.approx(-0.2)
    assert sum(moved.parts.values()) == pytest.approx(moved.change)
    assert (moved.reasons[0].component, moved.reasons[0].seen_before, moved.reasons[0].seen_after) == (
        "authenticity", 0.9, 0.5,
    )  # fmt: skip


def test_another_brief() -> None:
    before = [scored("a", digest="1" * 32), scored("b", digest="2" * 32)]
    after = [scored("a", 0.4, digest="3" * 32), scored("b", 0.6, digest="4" * 32, genuine=0.7)]
    found = changes(before, after)
    assert found.brief == "changed"
    assert {one.creator_id: one.causes for one in found.moved} == {"a": ("brief",), "b": ("brief", "data")}


def test_another_bundle_and_what_stays_open() -> None:
    before, after = [scored("a")], [scored("a", 0.4, bundle="c" * 64)]
    found = changes(before, after)
    assert (found.brief, found.moved[0].causes) == ("same", ("bundle",))
    found = changes(before, [scored("a", 0.4, bundle="c" * 64, digest="5" * 32)])
    assert (found.brief, found.moved[0].causes) == ("open", ("bundle", "data or brief"))


def test_who_came_went_and_lost_the_score() -> None:
    lost = replace(scored("a", digest="6" * 32), score=None, verdict="not_judgeable", contributions=())
    found = changes([scored("a"), scored("b"), scored("x")], [lost, scored("c"), scored("x")])
    assert (found.appeared, found.vanished) == (("c",), ("b",))
    (moved,) = found.moved
    assert (moved.after, moved.verdict_after, moved.change) == (None, "not_judgeable", 0.0)


def crowd(seed: int, n: int = 300, *, shift: float = 0.0, german: float = 0.3) -> list[CreatorScore]:
    rng = np.random.default_rng(seed)
    out = []
    for i in range(n):
        one = result(
            f"c{i}", followers=int(np.exp(rng.normal(9 + shift, 1))), language="de" if rng.random() < german else "en",
            fit=float(rng.beta(4, 2)), genuine=float(rng.beta(5, 2)),
        )  # fmt: skip
        out.append(replace(one, score=float(rng.beta(5, 3))))
    return out


@pytest.mark.slow
def test_null_pairs_seldom_alarm_and_shifts_are_named() -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    for _ in range(150):
        sides = [{f"input/x{k}": rng.normal(size=80).tolist() for k in range(12)} for _ in range(2)]
        for side in sides:
            side |= {f"input/w{k}": rng.choice(["a", "b", "c"], 80).tolist() for k in range(4)}
        found = adjusted(compare(*sides, n=(80, 80))[0], 0.05)
        alarms += any(column.drifted for column in found)
    assert alarms <= 15, "more than a twentieth, beyond chance"
    found = drift(crowd(1), crowd(2, shift=0.6, german=0.6))
    assert {column.name for column in found.drifted} == {"followers", "language"}
    assert found.columns[0].drifted
    assert drift(crowd(1), crowd(2)).drifted == ()


def test_missing_values_and_calibration_are_tested() -> None:
    gone = [
        replace(one, profile=replace(one.profile, language=None)) if i % 3 else one for i, one in enumerate(crowd(2))
    ]
    found = drift(crowd(1), gone)
    assert ("language", "missing") in {(c.name, c.test) for c in found.drifted}
    late = crowd(2)
    right = [Outcome(creator=one.creator_id, likes=100.0 if i % 10 else 900.0) for i, one in enumerate(late)]
    wrong = [Outcome(creator=one.creator_id, likes=100.0 if i % 2 else 900.0) for i, one in enumerate(late)]
    assert drift(crowd(1), late, outcomes=right).drifted == ()
    (column,) = drift(crowd(1), late, outcomes=wrong).drifted
    assert (column.kind, column.after) == ("calibration", "50% of 300")


def test_what_is_written_about_is_tested_along_few_directions() -> None:
    rng = np.random.default_rng(3)
    old, new = rng.normal(size=(2, 300, 40)) * np.linspace(2, 0.1, 40)
    new[:, 2] += 1.2
    old[0] = np.nan
    (found,) = drift(crowd(1), crowd(2), texts=(old, new)).drifted
    assert found.name.startswith("texts, direction ")
    assert drift(crowd(1), crowd(2), texts=(old, rng.permutation(old)[:200])).drifted == ()
    assert drift(crowd(1), crowd(2), texts=(old[:1], new[:2])).drifted == ()


def test_too_few_are_refused() -> None:
    with pytest.raises(InputError, match="3 creators, expected at least 20"):
        drift(crowd(1, 3), crowd(2))


def test_the_verbs_and_their_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def file(name: str, results: list[CreatorScore]) -> str:
        path = tmp_path / name
        path.write_bytes(b"\n".join(map(msgspec.json.encode, results)))
        return str(path)

    one, same, far = file("1", crowd(1)), file("2", crowd(2)), file("3", crowd(3, shift=0.8))
    assert main(["drift", one, same]) == 0
    assert "nothing drifted" in capsys.readouterr().out
    assert main(["drift", one, far, "--out", "-"]) == 4
    answer = json.loads(capsys.readouterr().out)
    assert answer["columns"][0]["name"] == "followers"
    assert main(["drift", one, far]) == 4
    capsys.readouterr()
    a = file("a", [scored("a"), scored("b")])
    b = file("b", [scored("a"), scored("b", genuine=0.5, digest="1" * 32)])
    assert main(["diff", a, b, "--out", str(tmp_path / "moved.csv")]) == 0
    shown = capsys.readouterr().out
    assert "b: 0.850 -> 0.650, shortlist; because of data" in shown
    assert "the brief is the same" in shown
    assert len((tmp_path / "moved.csv").read_text().splitlines()) == 2


def test_columns_that_are_compared_are_what_results_hold() -> None:
    whole = scored("a")
    bare = msgspec.structs.replace(whole, profile=msgspec.structs.replace(whole.profile, followers=None, language=None))
    columns = columns_of([whole, bare])
    assert all(len(values) == 2 for values in columns.values())
    lacking = {name for name, values in columns.items() if values[1] is None and values[0] is not None}
    assert lacking == {"input/followers", "input/language"}
    assert columns["input/niche_fit: posts"] == [0.8, 0.8]
