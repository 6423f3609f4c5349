"""Every command that a page prints is one that the parsers, the Makefile and the packages know."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from bonafit.cli import build_parser
from tests.conftest import ROOT

# What decisions record was run then; cli.md is written from the parsers.
LEFT_OUT = ("decisions", "cli.md")
PAGES = [
    page
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
    if not any(part in LEFT_OUT for part in page.parts)
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELLS = ("", "sh", "bash", "console")
INLINE = re.compile(r"`((?:bonafit|make|python) [^`\n]+)`")
PROGRAMS = ("bonafit", "make", "python", "pip")
ASSIGNMENT = re.compile(r"[A-Z_]+=")


@cache
def whole_parser() -> argparse.ArgumentParser:
    """The command line, built once."""
    return build_parser()


def commands(text: str) -> Iterator[list[str]]:
    """Commands of the code blocks of a page, each as its words; continued lines joined, comments left out."""
    for language, block in FENCE.findall(text):
        if language not in SHELLS:
            continue
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            try:
                words = shlex.split(line, comments=True)
            except ValueError:
                # a line of another language, or of a command over several lines
                continue
            yield from parts(words)


def parts(words: list[str]) -> Iterator[list[str]]:
    """The commands of a line: what stands between pipes, semicolons and redirections, without assignments."""
    command: list[str] = []
    for word in [*words, "|"]:
        if word in ("|", "&&", ">", "<", "2>") or word.endswith(";"):
            command += [word[:-1]] if word.endswith(";") else []
            while command and ASSIGNMENT.match(command[0]):
                command = command[1:]
            if command and command[0] in PROGRAMS:
                yield command
            command = []
        else:
            command.append(word)


def verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The subparsers of a parser by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Options of a parser and of all its subparsers."""
    own = {option for action in parser._actions for option in action.option_strings}
    return own.union(*(options_of(sub) for sub in verbs(parser).values()))


def mistake(command: list[str]) -> str | None:
    """What is wrong with a command; None for nothing."""
    program, *rest = command
    check = {"bonafit": bonafit_mistake, "make": make_mistake, "python": python_mistake, "pip": pip_mistake}[program]
    return check(rest)


def bonafit_mistake(words: list[str]) -> str | None:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            # "..." stands for what was said before
            if "..." in words:
                known = options_of(verbs(whole_parser())[words[0]])
                unknown = [word for word in words if word.startswith("--") and word not in known]
                return f"unknown {unknown}" if unknown else None
            whole_parser().parse_args(words)
        except SystemExit as stopped:
            return said.getvalue().strip().splitlines()[-1] if stopped.code else None
        except KeyError:
            return f"no verb {words[0]}"
    return None


def make_mistake(words: list[str]) -> str | None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    unknown = [word for word in words if "=" not in word and word not in targets]
    return f"no target {unknown}" if unknown else None


def python_mistake(words: list[str]) -> str | None:
    if words[:1] == ["-m"]:
        # pip and venv are Python's
        return None if find_spec(words[1].split(".")[0]) and find_spec(words[1]) else f"no module {words[1]}"
    return None if words[0].startswith("-") or (ROOT / words[0]).is_file() else f"no file {words[0]}"


def pip_mistake(words: list[str]) -> str | None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    asked = [name for word in words for list in re.findall(r"bonafit\[([^\]]+)\]", word) for name in list.split(",")]
    unknown = [name for name in asked if name not in extras]
    return f"no extra {unknown}" if unknown else None


def inline_mistake(text: str) -> str | None:
    """What is wrong with a command in a sentence, which may leave arguments out."""
    words = text.split()
    if words[0] != "bonafit":
        return mistake(shlex.split(text)) if words[0] == "make" and "|" not in text else None
    known = verbs(whole_parser())
    if words[1].startswith("-") or words[1].startswith("<"):
        return None
    if words[1] not in known:
        return f"no verb {words[1]}"
    options = options_of(known[words[1]])
    unknown = [word for word in words[2:] if word.startswith("--") and word.split("=")[0] not in options]
    return f"unknown {unknown}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_printed_command_is_known(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wrong = [f"{shlex.join(command)}: {why}" for command in commands(text) if (why := mistake(command))]
    wrong += [f"{inline}: {why}" for inline in INLINE.findall(FENCE.sub("", text)) if (why := inline_mistake(inline))]
    assert not wrong


def examples(parser: argparse.ArgumentParser) -> Iterator[list[str]]:
    for name, sub in verbs(parser).items():
        yield from commands(f"```\n{sub.description or ''}\n```\n")
        assert name


def test_every_example_of_the_help_is_known() -> None:
    found = list(examples(whole_parser()))
    assert len(found) > 20
    assert [f"{shlex.join(command)}: {why}" for command in found if (why := mistake(command))] == []


def test_mistakes_are_seen() -> None:
    lines = ("make scores", "FOO=1 bonafit score x.csv --breif b | bonafit pods -", "pip install 'bonafit[trian]'")
    page = "\n".join(("```sh", *lines, "```", ""))
    assert [mistake(command) for command in commands(page)] == [
        "no target ['scores']",
        "bonafit score: error: the following arguments are required: --brief",
        None,
        "no extra ['trian']",
    ]
    assert inline_mistake("bonafit scroe x.csv") == "no verb scroe"
    assert inline_mistake("bonafit score x.csv --shortlst 5") == "unknown ['--shortlst']"
    assert mistake(["python", "-m", "bonafit.nothing"]) == "no module bonafit.nothing"
