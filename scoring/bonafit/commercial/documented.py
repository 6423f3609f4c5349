"""The table of markets in docs/methods/commercial.md, written from markets.toml by `make docs`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from bonafit.commercial.disclosure import markets

PLACES = {
    "start": "at the head",
    "before_fold": "before the fold",
    "first_tags": "at the head or among the first three hashtags",
    "anywhere": "anywhere",
}


def documented(page: str) -> str:
    """The page with its table of markets as the code has it."""
    rows = ["| market | labels that are clear | place | source |", "|---|---|---|---|"]
    for code, rules in markets().items():
        labels = ", ".join(rules.clear)
        labels += ", or such a label in the post's own language" if rules.any_language else ""
        labels += ", or a tie's hashtag (#NivoraPartner)" if rules.brand_tags else ""
        rows.append(f"| {rules.name} (`{code}`) | {labels} | {PLACES[rules.place]} | {rules.source} ({rules.where}) |")
    table = "\n".join(rows)
    return re.sub(r"(?<=<!-- markets -->\n).*?(?=<!-- /markets -->)", lambda _: f"{table}\n", page, flags=re.DOTALL)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(documented(path.read_text(encoding="utf-8")), encoding="utf-8")
