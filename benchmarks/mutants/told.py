"""Figures of a finished run of mutmut in this folder: by module how many changes were made, noticed and not.

usage: python told.py LEAST; exit code 1 where a smaller share than LEAST was noticed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

# Exit codes of the tests, as mutmut keeps them: 0 passed, so that nobody noticed; 33 and 5 no test reached the change;
# 36 and -24 it ran on and on, which is noticed.
UNNOTICED = (0, 33, 5)


def main() -> int:
    n_made, noticed = Counter[str](), Counter[str]()
    for file in sorted(Path("mutants").rglob("*.meta")):
        module = str(file.relative_to("mutants")).removesuffix(".meta")
        for code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].values():
            n_made[module] += 1
            noticed[module] += code is not None and code not in UNNOTICED
    print("| module | changes | noticed | share |\n|---|---:|---:|---:|")
    for module in n_made:
        print(f"| `{module}` | {n_made[module]} | {noticed[module]} | {noticed[module] / n_made[module]:.1%} |")
    share = noticed.total() / max(n_made.total(), 1)
    print(f"| all | {n_made.total()} | {noticed.total()} | {share:.1%} |")
    return 0 if share >= float(sys.argv[1]) else 1


if __name__ == "__main__":
    sys.exit(main())
