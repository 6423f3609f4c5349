"""Fixtures shared by all tests."""

from __future__ import annotations

import ast
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


# Where scikit-learn is absent this is the light environment of `make test-light`: tests of training and benchmarks, and
# those that make their cases with them, cannot be read there.
LIGHT = find_spec("sklearn") is None


@cache
def needs_more(file: Path) -> bool:
    """Whether a test module, or a helper it imports, needs a package that is not installed."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            helper = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            if name.startswith("tests.") and helper.is_file() and needs_more(helper):
                return True
            top = name.split(".")[0]
            if top in ("bonafit_training", "benchmarks") or find_spec(top) is None:
                return True
    return False


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """In the light environment, modules that need more are left out."""
    if LIGHT and collection_path.name.startswith("test_") and collection_path.suffix == ".py":
        return needs_more(collection_path) or None
    return None


def pytest_report_header() -> str | None:
    """How many modules are left out."""
    if not LIGHT:
        return None
    modules = sorted((ROOT / "tests").rglob("test_*.py"))
    return f"light environment: {sum(map(needs_more, modules))} of {len(modules)} test modules need `make test`"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """Folder of the public sets; skips where they are absent."""
    path = Path(os.environ.get("BONAFIT_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the public sets are not at {path}; set BONAFIT_DATA to run this test")
    return path


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return ROOT
