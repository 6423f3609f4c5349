"""Results as a table for people: who is ranked, and below it who is in no ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bonafit.cli.terminal import Paint, cells, columns, fitted, painter, wrapped
from bonafit.explanations.explain import Explanation, explain
from bonafit.explanations.figures import LITTLE, value
from bonafit.explanations.signals import Signal
from bonafit.heads import HEADS, WEIGHTED
from bonafit.results import CreatorScore, Profile

NAME, SHOWN = 30, 7
INDENT = " " * 4
VERDICT_STYLES = {"shortlist": "green", "review": "yellow", "pass": "dim", "not_judgeable": "dim", "never": "red"}
VERDICTS = {
    "shortlist": "worth contacting",
    "review": "worth a closer look",
    "pass": "better passed over",
    "not_judgeable": "cannot be judged",
    "never": "never to be booked",
}


@dataclass(frozen=True)
class _Column:
    title: str
    width: int
    right: bool = False

    def cell(self, text: str) -> str:
        return text.rjust(self.width) if self.right else fitted(text, self.width)


def price_of(profile: Profile) -> str:
    """What the creator asks, with its currency; empty where it is not known."""
    return "" if profile.price is None else f"{profile.price:,.10g} {profile.currency or ''}".strip()


def score_table(
    results: Sequence[CreatorScore], *, reasons: int = 3, width: int | None = None, colour: bool = False
) -> str:
    """A ranked table, one creator a row, with what speaks for and against them in whole sentences below.

    results : in the order to print; who has no score is left out. width : columns, default the terminal's.
    Empty where nobody has one.
    """
    paint, wide = painter(colour), columns(width)
    ranked = [result for result in results if result.score is not None and result.interval is not None]
    if not ranked:
        return ""
    name = max([SHOWN, *(min(NAME, cells(result.label)) for result in ranked)])
    price = max([0, *(len(price_of(result.profile)) for result in ranked)])
    first = [
        _Column("#", 3, right=True), _Column("creator", name), _Column("followers", 9, right=True),
        _Column("verdict", 9), _Column("score", 5), _Column("likely", 12),
    ]  # fmt: skip
    # a head that the bundle was published without says nothing of anybody
    heads = [name for name in HEADS if any(getattr(result, name).value is not None for result in ranked)]
    second = [_Column(HEADS[name].label, max(4, len(HEADS[name].label))) for name in heads]
    second += [_Column("price", max(5, price), right=True)] if price else []
    in_one = sum(column.width + 2 for column in (*first, *second)) - 2 <= wide
    shown = first + second if in_one else first
    head = "  ".join(column.cell(column.title) for column in shown).rstrip()
    lines = [paint(head, "bold"), "-" * min(wide, len(head))]
    for i, result in enumerate(ranked, start=1):
        cells_of = [str(i), *_row(result), *_heads(result, heads), *([price_of(result.profile)] if price else [])]
        row = [column.cell(text) for column, text in zip(shown, cells_of, strict=False)]
        row[1] = paint(row[1], "bold")
        row[3] = paint(row[3], VERDICT_STYLES[result.verdict])
        lines.append("  ".join(row).rstrip())
        if not in_one:
            rest = zip(second, cells_of[len(first) :], strict=True)
            lines.append(INDENT + ", ".join(f"{column.title} {text}" for column, text in rest if text))
        lines += _below(explain(result), reasons, wide, paint)
    return "\n".join(lines)


def _row(result: CreatorScore) -> list[str]:
    followers = "-" if result.profile.followers is None else f"{result.profile.followers:,}"
    low, high = result.interval or (None, None)
    return [result.label, followers, result.verdict, value(result.score), f"{value(low)} - {value(high)}"]


def _heads(result: CreatorScore, names: Sequence[str]) -> list[str]:
    return [value(getattr(result, name).value) for name in names]


def _below(explanation: Explanation, reasons: int, width: int, paint: Paint) -> Iterator[str]:
    """What moved the score most, and what a person should look at."""
    why = () if explanation.verdict == "shortlist" else explanation.why
    for _, signal in explanation.reasons(reasons):
        if not any(signal.sentence in reason for reason in why):
            yield from signal_lines(signal, width, paint)
    notes = {note.sentence: f"{note.sentence} {note.do}" for note in explanation.to_look_at}
    for text in (*(notes.pop(reason, reason) for reason in why), *notes.values()):
        yield from marked(text, "!", "yellow", width, paint)


def signal_lines(signal: Signal, width: int, paint: Paint) -> list[str]:
    """A signal's sentence under `+` or `-`, or `=` where it moves nothing."""
    if abs(signal.points) < LITTLE:
        return marked(signal.sentence, "=", "dim", width, paint)
    mark, style = ("+", "green") if signal.points > 0 else ("-", "red")
    return marked(signal.sentence, mark, style, width, paint)


def marked(text: str, mark: str, style: str, width: int, paint: Paint) -> list[str]:
    """A text under a mark of one character, which carries the style."""
    lines = wrapped(text, width, indent=INDENT, mark=f"{mark} ")
    lines[0] = lines[0].replace(mark, paint(mark, style), 1)
    return lines


def counts_line(verdicts: Mapping[str, int]) -> str:
    """How many creators have each verdict, in one line; empty where there are none."""
    counts = [f"{verdicts[verdict]:,} {words}" for verdict, words in VERDICTS.items() if verdicts.get(verdict)]
    return f"{sum(verdicts.values()):,} creators: {', '.join(counts)}" if counts else ""


def _apart(result: CreatorScore) -> str:
    """Who is in no ranking, with what is known of them."""
    known = [f"{HEADS[name].label} {value(part.value)}" for name in WEIGHTED if (part := getattr(result, name)).value]
    return f"{result.label} ({', '.join(known)})" if known else result.label


def apart_table(
    results: Sequence[CreatorScore], verdicts: Mapping[str, int], *, width: int | None = None, colour: bool = False
) -> str:
    """Who is in no ranking, as two lists below the ranked: what is missing, or the posts; empty where there is nobody.

    results : some of them. verdicts : how many there are in all.
    """
    wide, paint = columns(width), painter(colour)
    lines = []
    for verdict, title in (("not_judgeable", "cannot be judged, what is missing"), ("never", "never to be booked")):
        listed = [result for result in results if result.verdict == verdict]
        if not verdicts.get(verdict):
            continue
        lines += ["", paint(f"{verdicts[verdict]:,} {title}:", "bold")]
        for why, alike in groupby(listed, key=lambda result: result.verdict_reasons):
            # sentences of what is missing, once for all who lack it, but posts of who is never booked
            if verdict == "never":
                lines += wrapped(", ".join(map(_apart, alike)) + ":", wide, indent=INDENT)
                posts = (wrapped(post, wide, indent=2 * INDENT) for post in why)
                lines += [line for post in posts for line in post]
            else:
                lines += wrapped(f"{', '.join(map(_apart, alike))}: {' '.join(why)}", wide, indent=INDENT)
        if len(listed) < verdicts[verdict]:
            lines.append(f"{INDENT}and {verdicts[verdict] - len(listed):,} more")
    return "\n".join(["", *lines]) if lines else ""
