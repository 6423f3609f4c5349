"""The table of flags: whatever the code raises is in it, and whatever is in it can be raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest

from bonafit.explanations.documented import page
from bonafit.explanations.flags import FLAGS, SEVERITIES, flag_note
from bonafit.heads import HEADS

# Names of variables that hold flags on their way into a result.
HOLDERS = ("flags", "unjudged")


def source_files(repository: Path) -> list[Path]:
    """Modules of heads, scorer and the X-ray of commercial posts: nothing else raises flags."""
    package = repository / "scoring" / "bonafit"
    return sorted(file for room in ("heads", "scorer", "commercial") for file in (package / room).rglob("*.py"))


def expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that becomes a flag: added to a holder, passed as `flags=`, or told to `abstention`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "flags")
            name = ast.unparse(node.func)
            if name.partition(".")[0] in HOLDERS and name.endswith((".append", ".extend")):
                yield from node.args
            if name == "abstention":
                yield node.args[1]
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(name in HOLDERS for target in targets for name in names_of(target)):
                yield node.value
                yield from returned(tree, node.value)


def returned(tree: ast.AST, value: ast.expr) -> Iterator[ast.expr]:
    """What the module's own function returns in lists, where a holder takes its answer."""
    called = ast.unparse(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else None
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name == called:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield from (part for part in ast.walk(node.value) if isinstance(part, ast.List))


def names_of(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def raised_in(file: Path, package: Path) -> set[str]:
    """Flags that a module raises, `*` standing for what is put in."""
    module = import_module(".".join(file.relative_to(package).with_suffix("").parts).removesuffix(".__init__"))
    flags: set[str] = set()
    for expression in expressions(ast.parse(file.read_text(encoding="utf-8"))):
        inside = {id(part) for node in ast.walk(expression) if isinstance(node, ast.JoinedStr) for part in node.values}
        tests = {id(n) for node in ast.walk(expression) if isinstance(node, ast.Compare) for n in ast.walk(node)}
        for node in ast.walk(expression):
            if id(node) in inside or id(node) in tests:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                flags.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
                flags |= {pattern} if any(map(str.isalpha, pattern)) else set()
            elif isinstance(node, ast.Name) and node.id.isupper():
                value = getattr(module, node.id)
                flags |= {value} if isinstance(value, str) else set()
    return flags


def owner_of(file: Path) -> str:
    """The head that a module belongs to, "" for what all of them share and for the scorer."""
    return next((name for name in HEADS if f"/heads/{name}/" in file.as_posix()), "")


def test_no_flag_is_raised_that_the_table_lacks(repository: Path) -> None:
    files = source_files(repository)
    raised = {(owner_of(file), flag) for file in files for flag in raised_in(file, repository / "scoring")}
    lacking = []
    for head, pattern in sorted(raised):
        allowed = {flag.name for flag in FLAGS if flag.head in ({head, "*"} if head else {"", "*"})}
        if not any(fnmatch(name, pattern) or fnmatch(f"{name}:x", pattern) for name in allowed):
            lacking.append(f"{head}:{pattern}")
    assert lacking == [], "bonafit/explanations/flags.toml has no row for these"
    assert len(raised) > 35


def test_the_table_holds_nothing_that_is_never_raised(repository: Path) -> None:
    files = source_files(repository)
    raised = {flag for file in files for flag in raised_in(file, repository / "scoring")} | {"never_book"}
    unraised = [
        flag.name
        for flag in FLAGS
        if not any(fnmatch(name, pattern) for pattern in raised for name in (flag.name, f"{flag.name}:x"))
    ]
    assert unraised == []


def test_the_page_of_flags_is_written_from_the_table(repository: Path) -> None:
    assert (repository / "docs" / "flags.md").read_text(encoding="utf-8") == page(), "run make docs"


def test_rows_are_unique_and_whole_sentences() -> None:
    assert len({(flag.head, flag.name) for flag in FLAGS}) == len(FLAGS)
    for flag in FLAGS:
        assert flag.severity in SEVERITIES
        assert flag.head in {"", "*", *HEADS}
        for sentence in (flag.sentence, flag.do):
            assert sentence[0].isupper()
            assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("flag", "head", "severity", "says"),
    [
        ("niche_fit:language_through_map:es", "niche_fit", "note", "Spanish"),
        ("authenticity:size_outside_training", "authenticity", "look", "larger"),
        ("engagement_quality:size_outside_training", "engagement_quality", "note", "size"),
        ("engagement_quality:not_in_bundle", "engagement_quality", "missing", "engagement"),
        ("followers_above_brief", "", "look", "more followers"),
        ("budget:cut_short", "", "note", "time limit"),
        ("niche_fit:fast_encoder", "niche_fit", "look", "quick reader"),
        ("authenticity:never_heard_of", "authenticity", "look", "Raised: never heard of."),
        ("engagement_quality:never_heard_of", "engagement_quality", "note", "Raised: never heard of."),
    ],
)
def test_a_flag_of_a_result_in_words(flag: str, head: str, severity: str, says: str) -> None:
    note = flag_note(flag)
    assert (note.flag, note.head, note.severity) == (flag, head, severity)
    assert says in note.sentence
