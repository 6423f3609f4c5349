"""How the two packages are built, as figures: `python benchmarks/structure.py`; exit 1 where a bound is broken.

Bounds: at most 5 modules at the root of bonafit and 3 of bonafit_training, no function above 60 lines, no circle of
imports among modules (those for type checking counted). Lines a file and functions of more than 6 parameters are
printed only; `self` and `cls` are not counted.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "bonafit": (ROOT / "scoring" / "bonafit", 5),
    "bonafit_training": (ROOT / "training" / "bonafit_training", 3),
}
LONGEST_FUNCTION = 60
MOST_PARAMETERS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(folder: Path) -> Iterator[tuple[str, Function]]:
    """Every function of a package, with the place where it stands."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", node


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def parameters_of(function: Function) -> int:
    """Parameters, without `self` and `cls`."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return sum(argument.arg not in ("self", "cls") for argument in named)


def circles(*packages: str) -> list[list[str]]:
    """Groups of modules that import each other, directly or through others: strongly connected, of two or more."""
    graph = grimp.build_graph(*packages)
    below = {module: graph.find_downstream_modules(module) for module in graph.modules}
    groups: dict[frozenset[str], list[str]] = {}
    for module, importers in below.items():
        group = frozenset({module} | {other for other in importers if module in below[other]})
        if len(group) > 1:
            groups[group] = sorted(group)
    return sorted(groups.values())


def main() -> int:
    broken = 0
    for name, (folder, most) in PACKAGES.items():
        modules = sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("__"))
        lengths = sorted(
            (len(file.read_text(encoding="utf-8").splitlines()), str(file.relative_to(ROOT)))
            for file in folder.rglob("*.py")
        )
        long = [place for place, function in functions(folder) if lines_of(function) > LONGEST_FUNCTION]
        wide = [place for place, function in functions(folder) if parameters_of(function) > MOST_PARAMETERS]
        print(f"{name}: {len(modules)} modules at the root, at most {most}: {', '.join(modules)}")
        print(f"  {len(lengths)} files, median {statistics.median(n for n, _ in lengths):g} lines")
        print("  largest: " + ", ".join(f"{file} {n}" for n, file in lengths[:-4:-1]))
        print(f"  functions above {LONGEST_FUNCTION} lines: {len(long)}" + "".join(f"\n    {place}" for place in long))
        print(f"  functions above {MOST_PARAMETERS} parameters: {len(wide)}" + "".join(f"\n    {p}" for p in wide))
        broken += (len(modules) > most) + len(long)
    rings = circles(*PACKAGES)
    print(f"circles of imports: {len(rings)}" + "".join(f"\n    {' <-> '.join(ring)}" for ring in rings))
    return 1 if broken or rings else 0


if __name__ == "__main__":
    sys.exit(main())
