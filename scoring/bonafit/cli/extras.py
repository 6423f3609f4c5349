"""Which extra brings a package that is missing, by the installed distribution's own metadata."""

from __future__ import annotations

import re
from importlib import metadata

# Where a distribution is called otherwise than what it is imported as.
DISTRIBUTIONS = {
    "faiss": "faiss-cpu",
    "interpret": "interpret-core",
    "markdown_it": "markdown-it-py",
    # the bridge that pyspark brings
    "py4j": "pyspark",
    "sklearn": "scikit-learn",
}
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]++).*extra == ['\"]([a-z-]+)['\"]")


def missing_extra(error: ModuleNotFoundError) -> str | None:
    """What to install for a module that is absent, as one sentence; None where no extra of bonafit brings it."""
    module = (error.name or "").partition(".")[0]
    name = _normal(DISTRIBUTIONS.get(module, module))
    extras = [
        extra for requirement, extra in _extras() if _normal(requirement) == name and not extra.startswith("test")
    ]
    if not extras:
        return None
    first = "pip install torch==2.13.0 first (docs/training.md), then " if name == "torch" else ""
    ways = " or ".join(f"pip install 'bonafit[{extra}]'" for extra in sorted(set(extras)))
    return f"this needs the package {name}, which is not installed; {first}{ways}"


def _extras() -> list[tuple[str, str]]:
    """Distribution and extra of every optional requirement of the installed bonafit."""
    try:
        requirements = metadata.requires("bonafit") or []
    except metadata.PackageNotFoundError:
        return []
    return [(match[1], match[2]) for line in requirements if (match := _REQUIREMENT.match(line))]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
