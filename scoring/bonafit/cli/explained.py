"""One creator's result as text: a screen in words, and in full every term of it."""

from __future__ import annotations

from collections.abc import Iterator

from bonafit.cli.render import INDENT, VERDICT_STYLES, marked, price_of, signal_lines
from bonafit.cli.terminal import Paint, columns, painter, wrapped
from bonafit.explanations.explain import Explanation, HeadExplanation, explain
from bonafit.explanations.figures import LITTLE, PLAIN, share, value
from bonafit.explanations.sentences import leaning, say
from bonafit.explanations.signals import UNSEEN
from bonafit.io.printable import printable
from bonafit.outputs.rows import promoted
from bonafit.results import Component, CreatorScore, Evidence

LEDGER_WINDOW = "last_12"
# Of a screen: signals of a head, posts quoted, parts of the brief that no post shows, and columns of a quote.
SIGNALS, POSTS, PARTS, QUOTE = 3, 2, 3, 110


def explanation(result: CreatorScore, *, width: int | None = None, colour: bool = False) -> str:
    """A result on one screen: verdict, why, what every head saw, what to look at, what was not looked at."""
    explained, wide, paint = explain(result), columns(width), painter(colour)
    lines = headed(f"{explained.title} {_who(result)}", wide, "bold", paint)
    if result.profile.link:
        lines.append(result.profile.link)
    lines += headed(explained.verdict_sentence + _score(result), wide, VERDICT_STYLES[explained.verdict], paint)
    for reason in _marks(explained):
        lines += marked(reason, "!", "yellow", wide, paint)
    for head in explained.heads:
        # a question that is not weighed and has no answer is told among what is good to know
        if head.weight or head.value is not None:
            lines += ["", *_head(head, wide, paint)]
    lines += _promoted(result, wide, paint)
    lines += _posts(result.niche_fit, wide, paint)
    lines += _apart(explained, wide, paint)
    lines += ["", f"input {result.input_digest}  bundle {result.bundle_digest[:16]}"]
    return "\n".join(lines)


def _marks(explained: Explanation) -> Iterator[str]:
    """What decided the verdict beside its marks; the signals and flags that decided stand with their own."""
    flagged = {note.sentence for note in explained.to_look_at}
    sentences = [signal.sentence for head in explained.heads for signal in head.signals]
    for reason in explained.why if explained.verdict != "shortlist" else ():
        if reason not in flagged:
            yield next(
                (reason.removesuffix(f" {sentence}") for sentence in sentences if reason.endswith(f" {sentence}")),
                reason,
            )


def headed(text: str, width: int, style: str, paint: Paint) -> list[str]:
    """A text on lines from the margin, the first in a style."""
    first, *rest = wrapped(text, width, indent="")
    return [paint(first, style), *rest]


def titled(title: str, text: str, width: int, paint: Paint) -> list[str]:
    """A text behind its title, continued further in."""
    first, *rest = wrapped(f"{title}: {text}", width - len(INDENT), indent="")
    return [first.replace(title, paint(title, "bold"), 1), *(INDENT + line for line in rest)]


def _who(result: CreatorScore) -> str:
    """Name, platform, followers and price behind the handle, as far as they are known."""
    profile = result.profile
    followers = None if profile.followers is None else f"{profile.followers:,} followers"
    name = profile.display_name if profile.display_name != result.label else None
    known = [name, profile.platform, followers, price_of(profile) or None, f"id {result.creator_id}"]
    return f"({', '.join(part for part in known if part is not None)})"


def _score(result: CreatorScore) -> str:
    if result.score is None or result.interval is None:
        return ""
    low, high = result.interval
    return " " + say("any", "score", value=value(result.score), low=value(low), high=value(high))


def _head(head: HeadExplanation, width: int, paint: Paint) -> Iterator[str]:
    counts = f" {say('any', leaning(head.counts_for))}" if head.counts_for else ""
    yield from headed(head.sentence + counts, width, "bold", paint)
    strong = [signal for signal in head.reasons[1:SIGNALS] if abs(signal.points) >= PLAIN]
    for signal in (*head.reasons[:1], *strong):
        yield from signal_lines(signal, width, paint)
    for signal in head.signals:
        if signal.name == UNSEEN and abs(signal.points) >= LITTLE:
            yield from signal_lines(signal, width, paint)


def _promoted(result: CreatorScore, width: int, paint: Paint) -> Iterator[str]:
    """Who paid before and how many posts are ads; `--commercial` has the posts."""
    xray = result.commercial
    if xray is None or xray.ad_load is None or not (xray.partners or xray.ad_load):
        return
    ads = say("any", "ads", share=share(xray.ad_load), n=xray.n_read)
    named = f" {promoted(result)}." if xray.partners else ""
    yield from ("", *titled("Promoted before", f"{ads}{named}", width, paint))


def _posts(part: Component, width: int, paint: Paint) -> Iterator[str]:
    """The posts nearest to the brief, those against it, and the parts of the brief that none shows."""
    for kind, title, most in (
        ("unit", "Closest texts", POSTS),
        ("against", "Texts against it", POSTS),
        ("refused", "Texts about what the brief does not want", POSTS),
        ("excluded_topic", "Texts on what the brief excludes", POSTS),
    ):
        items = [item for item in part.evidence if item.kind == kind][:most]
        if items:
            yield from ("", paint(title, "bold"))
            yield from (line for item in items for line in wrapped(_quote(item), width, indent=INDENT))
    unmet = [item.text for item in part.evidence if item.kind == "facet_missing"][:PARTS]
    if unmet and part.value is not None:
        words = "; ".join(_clip(printable(text), QUOTE // 2) for text in unmet)
        yield from titled("Parts of the brief that no post comes near", words, width, paint)


def _quote(item: Evidence) -> str:
    stamp = f"{item.at[:10]} " if item.at else "bio " if item.source == "bio" else ""
    return f"{stamp}“{_clip(printable(' '.join(item.text.split())), QUOTE)}”"


def _apart(explained: Explanation, width: int, paint: Paint) -> Iterator[str]:
    """Flags, and what was not looked at."""
    if explained.to_look_at:
        yield from ("", paint("Look before booking", "bold"))
        for note in explained.to_look_at:
            yield from marked(f"{note.sentence} {note.do}", "!", "yellow", width, paint)
    notes = [note.sentence for note in explained.notes if not any(note.sentence in reason for reason in explained.why)]
    if notes:
        yield from ("", *titled("Good to know", " ".join(notes), width, paint))
    unseen = [sentence for head in explained.heads for sentence in head.not_looked_at]
    if unseen:
        yield from ("", *titled("Not looked at", " ".join(dict.fromkeys(unseen)), width, paint))


def in_full(result: CreatorScore, *, width: int | None = None, colour: bool = False) -> str:
    """The screen, and below it every term, piece of evidence and figure of every head."""
    lines = [explanation(result, width=width, colour=colour)]
    for part in result.contributions:
        known = "no value" if part.value is None else f"value {part.value:.4f}"
        counts = f"{part.points:+.4f} of {part.weight:.2f}"
        lines.append(f"  {counts}  {part.component}, {known}, counts for {part.effective_weight:.2f}")
    weights = {c.component: c.weight for c in result.contributions}
    for component in result.components:
        lines.extend(map(printable, _component(component, weights.get(component.name))))
    if result.flags:
        lines += ["", "flags: " + printable(", ".join(result.flags))]
    return "\n".join(lines)


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _seen(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.4g}"


def _component(part: Component, weight: float | None) -> Iterator[str]:
    yield ""
    name = part.name if weight is None else f"{part.name} (weight {weight:.2f})"
    if part.value is None or part.interval is None:
        yield f"{name}: insufficient evidence ({part.sufficiency:.0%})"
    else:
        low, high = part.interval
        yield (f"{name}: {part.value:.3f}, 90 % interval {low:.3f} - {high:.3f}, evidence {part.sufficiency:.0%}")
    if part.reasons:
        yield f"  {'points':>8}  {'effect':>8}  {'seen':>10}  {'usual':>6}  term"
    for reason in part.reasons:
        usual = "" if reason.usual is None else f"p{100 * reason.usual:.0f}"
        yield f"  {reason.points:+8.4f}  {reason.effect:+8.4f}  {_seen(reason.seen):>10}  {usual:>6}  {reason.text}"
    if part.reasons and part.value is not None:
        yield f"  {sum(r.points for r in part.reasons):+8.4f}  = value"
    for item in part.evidence:
        stamp = f" ({item.at[:10]})" if item.at else ""
        yield f"  {item.kind}{stamp}: {_clip(item.text, QUOTE)}  [{item.weight:+.3f}]"
    for key, figure in sorted(part.detail.items()):
        yield from _detail(key, figure, "  ")
    if part.flags:
        yield "  flags: " + ", ".join(part.flags)


def _detail(name: str, figure: object, indent: str) -> Iterator[str]:
    if isinstance(figure, dict):
        yield f"{indent}{name}:"
        for key, inner in figure.items():
            yield from _detail(str(key), inner, indent + "  ")
    elif isinstance(figure, float):
        yield f"{indent}{name}: {figure:.4g}"
    elif name == "ledger" and isinstance(figure, list | tuple):
        # Every definition is in --json; a person compares few, and never across definitions.
        shown = [rate for rate in figure if rate["window"] == LEDGER_WINDOW]
        yield f"{indent}{name}, the newest posts ({LEDGER_WINDOW}; all {len(figure)} definitions in --json):"
        for rate in shown:
            yield (
                f"{indent}  {rate['value']:9.5f}  {rate['definition']}, n {rate['n']}, "
                f"counts hidden in {rate['hidden_share']:.0%}"
            )
    elif isinstance(figure, list | tuple) and figure and isinstance(figure[0], dict):
        yield f"{indent}{name}:"
        for inner in figure:
            yield f"{indent}  - " + ", ".join(
                f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in inner.items()
            )
    else:
        yield f"{indent}{name}: {figure}"
