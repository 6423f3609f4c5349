"""`bonafit brief`: write a brief by answering questions, and see how one is understood."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bonafit.campaign.terms import Terms, page_brief
from bonafit.cli.command import OK, Command
from bonafit.cli.options import bundle_option
from bonafit.cli.terminal import Paint, columns, painter, wants_colour, wrapped
from bonafit.errors import BriefError, BundleMissingError, InputError
from bonafit.explanations.sentences import say
from bonafit.heads import HEADS
from bonafit.heads.safety.categories import LABELS
from bonafit.io.brief import brief_from_dict
from bonafit.io.write import opened
from bonafit.records import Brief
from bonafit.text.language import language_name

if TYPE_CHECKING:
    from bonafit.scorer.understood import Understood

EXAMPLES = """
examples:
  bonafit brief new brief.toml
  bonafit brief show brief.toml
"""
INDENT = "    "
# Questions of `brief new`: field, what is asked, how the answer is read. Only the first two must be answered.
_LIST, _TEXT, _COUNT = "list", "text", "count"
QUESTIONS = (
    ("brand", "Name of the brand", _TEXT),
    ("description", "What it offers, for whom, and which posts would suit it, in a few sentences", _TEXT),
    ("keywords", "Words that such posts use, between commas (none)", _LIST),
    ("values", "What the brand stands for, between commas (none)", _LIST),
    ("excluded_topics", "Topics that must not appear, between commas (none)", _LIST),
    ("competitors", "Competitors, between commas (none)", _LIST),
    ("platforms", "Platforms, between commas (any)", _LIST),
    ("languages", "Languages of the posts, between commas (any)", _LIST),
    ("markets", "Countries of the creators, between commas (any)", _LIST),
    ("min_followers", "Fewest followers (any)", _COUNT),
    ("max_followers", "Most followers (any)", _COUNT),
)
HEADER = "# A brief for bonafit; every field is explained in docs/formats.md. [weights] and [verdict] may be added.\n"


def _arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    new = verbs.add_parser("new", help="ask for what a brief holds, write it, show how it is understood")
    new.add_argument("file", metavar="FILE", help="where to write it, a .toml that is not there yet")
    show = verbs.add_parser("show", help="show how a brief is understood")
    show.add_argument("file", metavar="FILE", help="the brief, TOML or JSON; - is stdin")
    show.add_argument("--json", action="store_true", help="print it as JSON instead of text")
    for sub in (new, show):
        bundle_option(sub)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.what == "new":
        return _new(arguments)
    brief, terms = page_brief(arguments.file)
    read = _understood(brief, arguments.bundle)
    if arguments.json:
        campaign = {} if terms is None else {"campaign": terms}
        sys.stdout.write(msgspec.json.encode(msgspec.structs.asdict(read) | campaign).decode() + "\n")
    else:
        print(shown(read, terms=terms, colour=wants_colour(sys.stdout)))
    return OK


def _understood(brief: Brief, bundle: str | None) -> Understood:
    """The brief as a bundle reads it."""
    # help needs none of it
    from bonafit.encoders import default_cache_path
    from bonafit.scorer.scorer import Scorer
    from bonafit.scorer.understood import understood

    with Scorer.load(bundle, cache=default_cache_path()) as scorer:
        return understood(scorer, brief)


def _new(arguments: argparse.Namespace) -> int:
    place = Path(arguments.file)
    if place.suffix.lower() != ".toml":
        raise InputError(f"{place}: the name ends in {place.suffix or 'no extension'!r}, expected .toml")
    if place.exists():
        raise InputError(f"{place}: is there already; name another file, or change that one with an editor")
    brief = asked(_answer)
    text = as_toml(brief)
    with opened(place) as sink:
        sink.write(text.encode())
    print(f"written to {place}", file=sys.stderr)
    try:
        print(shown(_understood(brief, arguments.bundle), colour=wants_colour(sys.stdout)))
    except BundleMissingError as error:
        print(f"how it is understood needs a bundle: {error}", file=sys.stderr)
    return OK


def _answer(question: str) -> str:
    """One line of an answer; questions go to stderr, since stdout is data. Raises InputError where the input ends."""
    print(f"{question}: ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise InputError("standard input ended before the last question; nothing was written")
    return line.strip()


def asked(answer: Callable[[str], str]) -> Brief:
    """A brief from answers, each checked at once and asked for again where it cannot be used.

    answer : gives the answer to a question, "" for none.
    """
    given: dict[str, object] = {}
    placeholders = {"brand": "brand", "description": "A brand."}
    for field, question, kind in QUESTIONS:
        while True:
            text = answer(question)
            try:
                if text:
                    given[field] = _read(text, kind)
                elif field in placeholders:
                    raise BriefError(f"{field}: is blank, expected text")
                brief = brief_from_dict({**placeholders, **given})
                break
            except BriefError as error:
                given.pop(field, None)
                print(f"  {error}", file=sys.stderr)
    return brief


def _read(text: str, kind: str) -> object:
    if kind == _LIST:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == _COUNT:
        digits = text.replace(",", "").replace(".", "").replace(" ", "")
        if not digits.isdecimal():
            raise BriefError(f"found {text!r}, expected a whole number such as 10000")
        return int(digits)
    return text


def as_toml(brief: Brief) -> str:
    """A brief as TOML that reads back equal, without what holds its default.

    A string of JSON is one of TOML, but for the character DEL; lists of strings and whole numbers are spelt alike too.
    """
    plain = Brief(brand=brief.brand, description=brief.description)
    lines = []
    for field, _, _ in QUESTIONS:
        value = getattr(brief, field)
        if value != getattr(plain, field) or field in ("brand", "description"):
            lines.append(f"{field} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f"))
    return HEADER + "\n".join(lines) + "\n"


def shown(read: Understood, *, terms: Terms | None = None, width: int | None = None, colour: bool = False) -> str:
    """How a brief is understood, as text. terms : its `[campaign]` table, None where it has none."""
    wide, paint = columns(width), painter(colour)
    lines = list(_shown(read, wide, paint))
    if terms is not None:
        lines += ["", paint("What a campaign may cost and must hold; no score depends on it", "bold")]
        lines += [line for text in terms.told() for line in wrapped(text, wide, indent=INDENT)]
    return "\n".join(lines)


def _shown(read: Understood, wide: int, paint: Paint) -> Iterator[str]:
    brief = read.brief
    written = f" Written in {', '.join(read.languages)}." if read.languages else ""
    yield from wrapped(f"{brief.brand}.{written}", wide, indent="")
    for line in read.told:
        yield from wrapped(line, wide, indent=INDENT, mark="! ")
    for title, items, mark in (
        ("Creators' posts are compared with", read.wanted, "+ "),
        ("Left out, since it says who asks and not what is wanted", read.left_out, "- "),
        ("Not wanted: such posts lower a fit; excluded_topics flags each", read.refused, "- "),
        ("Must not appear", read.unwanted, "! "),
    ):
        if items:
            yield from ("", paint(title, "bold"))
            yield from (line for item in items for line in wrapped(item, wide, indent=INDENT, mark=mark))
    for topic in read.close:
        yield from wrapped(say("brief", "close", topic=topic), wide, indent=INDENT)
    yield from ("", paint("Creators asked for; others are marked, not dropped", "bold"))
    yield from wrapped(_asked_for(brief), wide, indent=INDENT)
    yield from ("", paint("What counts for how much", "bold"))
    weights = ", ".join(f"{HEADS[name].label} {share:.0%}" for name, share in read.weights.items())
    yield from wrapped(weights, wide, indent=INDENT)
    yield from ("", paint("Where verdicts part", "bold"))
    yield from (line for text in _marks(brief) for line in wrapped(text, wide, indent=INDENT))
    yield from ("", paint("How much of the posts may promote it", "bold"))
    yield from (line for text in _safety(read.safety) for line in wrapped(text, wide, indent=INDENT))
    if other_fields := list(_others(brief)):
        yield from ("", paint("Further", "bold"))
        yield from (line for text in other_fields for line in wrapped(text, wide, indent=INDENT))


def _asked_for(brief: Brief) -> str:
    parts = []
    for title, items in (
        ("on", brief.platforms), ("posting in", map(language_name, brief.languages)),
        ("from", (code.upper() for code in brief.markets)),
    ):  # fmt: skip
        if listed := ", ".join(items):
            parts.append(f"{title} {listed}")
    low, high = brief.min_followers, brief.max_followers
    if low is not None or high is not None:
        parts.append(
            f"with {low or 0:,} to {high:,} followers" if high is not None else f"with {low:,} followers or more"
        )
    return "; ".join(parts) or "any"


def _marks(brief: Brief) -> Iterator[str]:
    marks = brief.verdict
    for verdict in ("shortlist", "pass"):
        score, fit, authenticity = (
            f"{getattr(marks, f'{verdict}_{name}'):.2f}" for name in ("score", "niche_fit", "authenticity")
        )
        yield say("brief", verdict, score=score, fit=fit, authenticity=authenticity)
    days = marks.newest_post_days
    yield say("brief", "age_on", days=days, day=brief.as_of) if brief.as_of else say("brief", "age", days=days)


# What `_shown` says in words of its own.
_SAID = {
    "brand", "description", "keywords", "values", "excluded_topics", "platforms", "languages", "markets",
    "min_followers", "max_followers", "as_of", "weights", "verdict", "safety",
}  # fmt: skip


def _safety(floors: Mapping[str, str | float]) -> Iterator[str]:
    """Categories of safety by how much of each is borne, least first."""
    # it needs numpy, and help does not
    from bonafit.heads.safety.floors import NEVER, NO_MATTER

    by_limit: dict[str, list[str]] = {}
    for name, floor in sorted(floors.items(), key=lambda item: -1.0 if isinstance(item[1], str) else item[1]):
        limit = floor if isinstance(floor, str) else "none" if floor == 0 else f"{floor:.0%} at most"
        by_limit.setdefault(limit, []).append(LABELS[name])
    order = sorted(by_limit, key=lambda limit: (limit == NO_MATTER, limit != NEVER))
    for limit in order:
        yield f"{limit.capitalize()}: {', '.join(by_limit[limit])}."


def _others(brief: Brief) -> Iterator[str]:
    """Every other field that differs from its default, by name, and of a table every entry."""
    plain = Brief(brand=brief.brand, description=brief.description)
    for field in brief.__struct_fields__:
        value = getattr(brief, field)
        if field in _SAID or (value == getattr(plain, field) and not isinstance(value, msgspec.Struct)):
            continue
        entries = msgspec.to_builtins(value)
        if isinstance(entries, dict):
            entries = ", ".join(f"{name.replace('_', ' ')} {entry}" for name, entry in entries.items())
        elif isinstance(entries, list | tuple):
            entries = ", ".join(map(str, entries))
        yield f"{field.replace('_', ' ')}: {entries}"


COMMAND = Command(
    name="brief",
    help="write a brief by answering questions; show how one is understood",
    description="Write a brief, or see what is made of it: what posts are compared with, what is left out, what counts."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
