"""Results as text for people."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from bonafit.heads import HEADS
from bonafit.io.report import printable
from bonafit.results import Component, CreatorScore, Reason
from bonafit.scorer.verdict import review_signals

BASELINE = "baseline"
LEDGER_WINDOW = "last_12"


def weighted_reasons(result: CreatorScore) -> list[tuple[float, str, Reason]]:
    """(points in the combined score, head, reason) of every reason but the baselines, largest effect first.

    None for a creator without a score.
    """
    weights = {c.component: c.effective_weight for c in result.contributions}
    reasons = [
        (weights[part.name] * reason.points, part.name, reason)
        for part in result.components
        if part.name in weights
        for reason in part.reasons
        if reason.feature != BASELINE
    ]
    return sorted(reasons, key=lambda item: (-abs(item[0]), item[1], item[2].feature))


def _number(value: float | None) -> str:
    return "   -" if value is None else f"{value:4.2f}"


def score_table(results: Sequence[CreatorScore], *, reasons: int = 3, width: int | None = None) -> str:
    """A ranked table, one creator a row, its top reasons and flags below it.

    results : in the order to print. width : columns of the terminal, default the real one or 110.
    """
    columns = width or max(80, shutil.get_terminal_size((110, 40)).columns)
    name_width = min(28, max([7, *(len(r.label) for r in results)]))
    labels = "  ".join(f"{entry.label:>4}" for entry in HEADS.values())
    head = f"{'#':>4}  {'creator':<{name_width}}  score  90 % interval  verdict    {labels}  evidence"
    lines = [head, "-" * min(columns, len(head))]
    for i, result in enumerate(results, start=1):
        if result.score is None or result.interval is None:
            continue
        low, high = result.interval
        values = "  ".join(
            f"{_number(part.value):<{max(4, len(HEADS[part.name].label))}}" for part in result.components
        )
        name = _clip(printable(result.label), name_width)
        lines.append(
            f"{i:>4}  {name:<{name_width}}  {result.score:5.3f}  {low:4.2f} - {high:4.2f}    "
            f"{result.verdict:<9}  {values}  {result.sufficiency:4.0%}"
        )
        lines.extend(_wrapped(f"{result.verdict}: ", "; ".join(result.verdict_reasons), columns))
        for points, head_name, reason in weighted_reasons(result)[:reasons]:
            text = f"{points:+.3f} {HEADS[head_name].label}: {reason.text}"
            lines.append(" " * 8 + _clip(text, columns - 8))
        if signals := _signals(result):
            lines.extend(_wrapped("signals: ", ", ".join(signals), columns))
    return "\n".join(map(printable, lines))


def _signals(result: CreatorScore) -> list[str]:
    """The flags that say something of the creator, and not of how their texts were read."""
    return review_signals(result.flags)


def _wrapped(label: str, text: str, columns: int) -> list[str]:
    """A labelled text below a row, continued under its own beginning."""
    begin, rest = " " * 8 + label, " " * (8 + len(label))
    return textwrap.wrap(text, columns, initial_indent=begin, subsequent_indent=rest)


def apart_table(results: Sequence[CreatorScore], verdicts: Mapping[str, int], *, width: int | None = None) -> str:
    """Who is in no ranking, as two lists below the ranked: what is missing, or the posts; empty where there is nobody.

    results : some of them. verdicts : how many there are in all.
    """
    columns = width or max(80, shutil.get_terminal_size((110, 40)).columns)
    lines = []
    for verdict, title in (("not_judgeable", "cannot be judged, what is missing"), ("never", "never to be booked")):
        listed = [result for result in results if result.verdict == verdict]
        if not verdicts.get(verdict):
            continue
        lines += ["", f"{verdicts[verdict]:,} {title}:"]
        lines += [_clip(f"      {printable(r.label)}: " + "; ".join(r.verdict_reasons), columns) for r in listed]
        if len(listed) < verdicts[verdict]:
            lines.append(f"      and {verdicts[verdict] - len(listed):,} more")
    return "\n".join(["", *lines]) if lines else ""


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _seen(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _component(part: Component, weight: float | None) -> Iterable[str]:
    yield ""
    name = part.name if weight is None else f"{part.name} (weight {weight:.2f})"
    if part.value is None or part.interval is None:
        yield f"{name}: insufficient evidence ({part.sufficiency:.0%})"
    else:
        low, high = part.interval
        yield (f"{name}: {part.value:.3f}, 90 % interval {low:.3f} - {high:.3f}, evidence {part.sufficiency:.0%}")
    if part.reasons:
        yield f"  {'points':>8}  {'effect':>8}  {'seen':>10}  {'usual':>6}  reason"
    for reason in part.reasons:
        usual = "" if reason.usual is None else f"p{100 * reason.usual:.0f}"
        yield f"  {reason.points:+8.4f}  {reason.effect:+8.4f}  {_seen(reason.seen):>10}  {usual:>6}  {reason.text}"
    if part.reasons and part.value is not None:
        yield f"  {sum(r.points for r in part.reasons):+8.4f}  = value"
    for item in part.evidence:
        stamp = f" ({item.at[:10]})" if item.at else ""
        yield f"  {item.kind}{stamp}: {_clip(item.text, 160)}  [{item.weight:+.3f}]"
    for name, value in sorted(part.detail.items()):
        yield from _detail(name, value, "  ")
    if part.flags:
        yield "  signals: " + ", ".join(part.flags)


def _detail(name: str, value: object, indent: str) -> Iterable[str]:
    if isinstance(value, dict):
        yield f"{indent}{name}:"
        for key, inner in value.items():
            yield from _detail(str(key), inner, indent + "  ")
    elif isinstance(value, float):
        yield f"{indent}{name}: {value:.4g}"
    elif name == "ledger" and isinstance(value, list | tuple):
        # Every definition is in --json; a person compares few, and never across definitions.
        shown = [rate for rate in value if rate["window"] == LEDGER_WINDOW]
        yield f"{indent}{name}, the newest posts ({LEDGER_WINDOW}; all {len(value)} definitions in --json):"
        for rate in shown:
            yield (
                f"{indent}  {rate['value']:9.5f}  {rate['definition']}, n {rate['n']}, "
                f"counts hidden in {rate['hidden_share']:.0%}"
            )
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        yield f"{indent}{name}:"
        for inner in value:
            yield f"{indent}  - " + ", ".join(
                f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in inner.items()
            )
    else:
        yield f"{indent}{name}: {value}"


def _profile(result: CreatorScore) -> str:
    """Handle, name, platform and followers behind the id, as far as they are known."""
    profile = result.profile
    followers = None if profile.followers is None else f"{profile.followers:,} followers"
    price = None if profile.price is None else f"{profile.price:g} {profile.currency or ''}".strip()
    known = [profile.handle, profile.display_name, profile.platform, followers, price]
    parts = [text for text in known if text is not None and text != result.creator_id]
    return f" ({', '.join(parts)})" if parts else ""


def explanation(result: CreatorScore) -> str:
    """Everything a result holds: parts of the score, every reason, evidence, signals and flags."""
    lines = [f"creator {result.creator_id}" + _profile(result)]
    if result.score is not None and result.interval is not None:
        low, high = result.interval
        lines.append(
            f"score {result.score:.4f}, 90 % interval {low:.4f} - {high:.4f}, evidence {result.sufficiency:.0%}"
        )
    lines.append(f"verdict {result.verdict}: " + "; ".join(result.verdict_reasons))
    for part in result.contributions:
        value = "no value" if part.value is None else f"value {part.value:.4f}"
        counts = f"{part.points:+.4f} of {part.weight:.2f}"
        lines.append(f"  {counts}  {part.component}, {value}, counts for {part.effective_weight:.2f}")
    weights = {c.component: c.weight for c in result.contributions}
    for component in result.components:
        lines.extend(_component(component, weights.get(component.name)))
    if signals := _signals(result):
        lines += ["", "signals for review: " + ", ".join(signals)]
    if read := [flag for flag in result.flags if flag not in signals]:
        lines += ["", "how texts were read: " + ", ".join(read)]
    lines += ["", f"input {result.input_digest}  bundle {result.bundle_digest[:16]}"]
    return "\n".join(map(printable, lines))
