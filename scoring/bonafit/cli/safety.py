"""What a creator's posts promote and speak of, as text: category by category, with the posts."""

from __future__ import annotations

from collections.abc import Iterator

from bonafit.cli.render import INDENT
from bonafit.cli.terminal import Paint, columns, painter, wrapped
from bonafit.explanations.flags import flag_note
from bonafit.explanations.signals import not_looked_at
from bonafit.heads.safety.categories import LABELS
from bonafit.io.printable import printable
from bonafit.results import Component, CreatorScore

QUOTE = 200


def safety(result: CreatorScore, *, width: int | None = None, colour: bool = False) -> str:
    """The categories of brand safety that some post is about, with the posts; says so where nothing was judged."""
    part, wide, paint = result.safety, columns(width), painter(colour)
    lines: list[str] = []
    for indent, text in _parts(result.label, part, paint):
        lines += [text] if "\x1b" in text or not text else wrapped(text, wide, indent=INDENT * indent)
    return "\n".join(lines)


def _parts(label: str, part: Component, paint: Paint) -> Iterator[tuple[int, str]]:
    read = part.detail.get("posts_read", 0)
    yield 0, paint(printable(f"{label}: safety of {read} posts"), "bold")
    for flag in part.flags:
        note = flag_note(f"{part.name}:{flag}")
        yield 1, printable(f"{note.sentence} {note.do}")
    for topic, meaning in part.detail.get("excluded_topics", {}).items():
        yield 1, printable(f"excluded topic “{topic}”: {meaning}")
    categories = part.detail.get("categories", {})
    for name, figures in categories.items():
        yield 0, ""
        yield 0, paint(printable(LABELS.get(name, name)), "bold")
        yield 1, printable(_in_words(figures))
        for item in part.evidence:
            words, _, place = (item.source or "").rpartition(": ")
            if words.startswith(f"{name}, "):
                text = " ".join(item.text.split())
                clipped = text if len(text) <= QUOTE else text[: QUOTE - 1] + "…"
                yield (
                    2,
                    printable(f"{(item.at or 'undated')[:10]} {words.removeprefix(f'{name}, ')}, {place}: “{clipped}”"),
                )
    if part.value is not None and not categories:
        yield 1, "no post is about any of the categories"
    yield 0, ""
    yield 0, paint("Not looked at", "bold")
    for sentence in not_looked_at(part):
        yield 1, sentence


def _in_words(figures: dict[str, object]) -> str:
    """The figures of one category in a line."""
    posts, related, floor = figures["posts"], figures["related_posts"], figures["floor"]
    borne = floor if isinstance(floor, str) else f"at most {floor:.0%} of posts"
    sentence = f"{posts} posts promote it ({figures['share']:.0%}), {related} more speak of it; borne: {borne}"
    if "first" in figures:
        sentence += f"; {figures['first']} to {figures['last']}"
    if "trend" in figures:
        sentence += f"; newer half less older half {figures['trend']:+.0%}"
    return sentence
