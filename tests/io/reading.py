"""Files of tests read as `score` reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bonafit.io.read import ReadReport, Reject, read_creators
from bonafit.records import Creator

CASES = Path(__file__).parent / "cases"


NOW = datetime(2026, 11, 27, tzinfo=UTC)


class Read:
    """A file read as `score` reads it."""

    def __init__(self, path: Path, **options: Any) -> None:
        posts = path.with_name(path.name.split(".")[0] + ".posts.csv")
        self.rejects: list[Reject] = []
        self.report = ReadReport()
        self.creators: list[Creator] = [
            creator
            for _, creator in read_creators(
                path,
                posts=posts if posts.exists() else None,
                on_reject=self.rejects.append,
                report=self.report,
                now=NOW,
                careful=True,
                **options,
            )
        ]

    def values(self, *names: str) -> list[Any]:
        rows = [tuple(getattr(creator, name) for name in names) for creator in self.creators]
        return [row[0] for row in rows] if len(names) == 1 else rows


def posts(likes: Iterable[int | None], **more: Any) -> list[dict[str, Any]]:
    """Posts of one a week, the newest first, some twenty comments each."""
    out = []
    for i, n in enumerate(likes):
        at = f"2026-{11 - i // 4:02d}-{25 - 7 * (i % 4):02d}T08:00:00Z"
        out.append(
            {"post_id": f"p{i}", "posted_at": at, "caption": f"Post {i}", "likes": n, "comments": 18 + i, **more}
        )
    return out
