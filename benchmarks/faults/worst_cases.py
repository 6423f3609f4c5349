"""Texts made to be slow for a regular expression: every repeat of it pumped, after what leads there, before what fails.

A backtracking search is slow where a repeat can be entered at many places or divided in many ways, so that is what is
made of the pattern's own syntax tree: the shortest text that reaches a repeat, then samples of its body over and over,
then something that the rest of the pattern does not take.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

# Characters that are tried as members of a class, and what stands behind a pumped repeat.
_ALPHABET = [chr(c) for c in range(1, 127)] + list("ßàıɑ日Ａ０\u00a0\u0660\u2003\U0001f600")
_TAILS = ("", "!", "\n")
# Samples of one part, and pumps of one pattern, at most.
_SAMPLES, _PUMPS = 3, 40


def patterns_of(package: str) -> dict[str, re.Pattern[Any]]:
    """Every regular expression that the modules of a package hold at their top, by module and name."""
    patterns: dict[str, re.Pattern[Any]] = {}
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if module.name.endswith("__main__"):
            continue
        names = vars(importlib.import_module(module.name))
        for name, value in names.items():
            for i, pattern in enumerate(_held(value, 0)):
                patterns.setdefault(f"{module.name}.{name}[{i}]", pattern)
    unique = {(pattern.pattern, pattern.flags): name for name, pattern in reversed(patterns.items())}
    return {name: patterns[name] for name in sorted(unique.values())}


def _held(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, dict):
        for item in (*value.keys(), *value.values()):
            yield from _held(item, depth + 1)
    elif depth < 3 and isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _held(item, depth + 1)


def worst_cases(pattern: re.Pattern[Any], length: int) -> Iterator[Any]:
    """Texts of `length` characters (bytes for a pattern of bytes) that are hard for the pattern."""
    is_bytes = isinstance(pattern.pattern, bytes)
    source = pattern.pattern.decode("latin-1") if is_bytes else pattern.pattern
    tree = sre_parser.parse(source, pattern.flags & ~re.UNICODE if is_bytes else pattern.flags)
    texts: set[str] = set()
    for lead, body in _repeats(tree, ""):
        pumps = [body, lead + body, body + "!", lead + body + " "]
        for pump in filter(None, pumps):
            for tail in _TAILS:
                text = (lead + pump * (length // len(pump) + 1))[: length - len(tail)] + tail
                if text not in texts:
                    texts.add(text)
                    yield text.encode("utf-8", "replace") if is_bytes else text
        if len(texts) > _PUMPS * len(_TAILS):
            return


def is_anchored(name: str, folder: Path) -> bool:
    """Whether the sources in a folder only ever match a pattern from the start of a text, and never search for it.

    name : as `patterns_of` calls it. A pattern inside a table counts as searched for.
    """
    module, _, name_in_module = name.rpartition(".")
    own = name_in_module.split("[")[0]
    return bool(uses := _uses(folder)[module, own]) and uses <= {"match", "fullmatch", "pattern"}


@cache
def _uses(folder: Path) -> dict[tuple[str, str], set[str]]:
    """By module and name, the attributes that the sources in a folder take of what a module defines or imports."""
    uses: dict[tuple[str, str], set[str]] = defaultdict(set)
    homes: dict[tuple[str, str], tuple[str, str]] = {}
    for file in folder.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        home = ".".join(file.relative_to(folder).with_suffix("").parts)
        source = {
            name.asname or name.name: node.module
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses[source.get(node.value.id) or home, node.value.id].add(node.attr)
        homes.update(((home, name), (module, name)) for name, module in source.items() if module)
    for here, there in homes.items():
        uses[here] = uses[there]
    return uses


def seconds_for(pattern: re.Pattern[Any], text: Any, *, anchored: bool) -> float:
    """Seconds of processor time, best of three where they are many, to match a text whole, and unless `anchored`, as
    patterns are that are never searched for, to find every place of it."""
    best = _seconds(pattern, text, anchored)
    return min(best, *(_seconds(pattern, text, anchored) for _ in range(2))) if 0.002 < best < 0.1 else best


def _seconds(pattern: re.Pattern[Any], text: Any, anchored: bool) -> float:
    began = time.process_time()
    if anchored:
        pattern.fullmatch(text)
        pattern.match(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - began


def _repeats(tree: Any, lead: str) -> Iterator[tuple[str, str]]:
    """Shortest text up to each repeat, and a sample of its body, of all repeats in a tree."""
    for op, argument in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = argument
            if most > 8:
                for sample in _samples(body):
                    yield lead, sample
            yield from _repeats(body, lead)
            lead += (_first(body) or "") * max(least, 1 if most > 8 else least)
            continue
        for inner in _inside(op, argument):
            yield from _repeats(inner, lead)
        lead += _first([(op, argument)]) or ""


def _inside(op: Any, argument: Any) -> list[Any]:
    if op is sre.SUBPATTERN:
        return [argument[3]]
    if op is sre.BRANCH:
        return list(argument[1])
    if op is sre.ATOMIC_GROUP:
        return [argument]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    return []


def _first(tree: Any) -> str | None:
    return next(iter(_samples(tree)), None)


def _samples(tree: Any) -> list[str]:
    """Some short texts that a tree matches, the shortest sort of each alternative."""
    samples = [""]
    for op, argument in tree:
        parts = _samples_of(op, argument)
        samples = [done + part for done in samples for part in parts][:_SAMPLES] if parts else samples
    return samples


def _samples_of(op: Any, argument: Any) -> list[str]:
    if op is sre.LITERAL:
        return [chr(argument)]
    if op is sre.NOT_LITERAL:
        return [c for c in _ALPHABET if ord(c) != argument][60 : 60 + _SAMPLES]
    if op is sre.ANY:
        return ["a", " ", "."]
    if op is sre.IN:
        # spread over the alphabet, so that letters, digits and marks of a class are all among them
        members = [c for c in _ALPHABET if re.match(_class_of(argument), c)]
        step = max(1, len(members) // _SAMPLES)
        return members[::step][:_SAMPLES]
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, _, body = argument
        return [sample * max(1, least) for sample in _samples(body)]
    if op is sre.BRANCH:
        return [sample for branch in argument[1] for sample in _samples(branch)[:1]]
    inner = _inside(op, argument)
    return _samples(inner[0]) if inner and op not in (sre.ASSERT, sre.ASSERT_NOT) else []


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _class_of(items: Any) -> str:
    parts = []
    for op, argument in items:
        if op is sre.NEGATE:
            parts.append("^")
        elif op is sre.LITERAL:
            parts.append(re.escape(chr(argument)))
        elif op is sre.RANGE:
            parts.append(f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}")
        elif op is sre.CATEGORY:
            parts.append(_CATEGORIES[argument])
    return f"[{''.join(parts)}]"
