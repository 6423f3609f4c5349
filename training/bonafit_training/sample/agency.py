"""The sample as an agency would send it: a workbook of creators under its own headings, and a CSV of their posts.

    python -m bonafit_training.sample.agency --creators examples/creators.jsonl --out examples/agency

The same bytes every time. docs/tutorial.md goes from these two files to a shortlist.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from bonafit.errors import RecordError
from bonafit.io.read import Reject, read_creators
from bonafit.io.write import opened
from bonafit.records import Creator

SIZE = 40
HEADINGS = (
    "Handle", "Full name", "Channel", "Follower Count", "Following", "Bio", "Country", "Language", "Fee", "Currency",
    "Account manager",
)  # fmt: skip
POST_HEADINGS = ("Handle", "Posted", "Caption", "Likes", "Comments", "Views")


def write_agency(creators: Sequence[Creator], out: Path) -> None:
    """Write creators.xlsx and posts.csv into a folder, which is made."""
    out.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": datetime(2026, 3, 31), "comments": "Invented: nobody in it exists."})
        sheet = workbook.add_worksheet("Creators")
        bold = workbook.add_format({"bold": True})
        sheet.write_row(0, 0, HEADINGS, bold)
        for i, creator in enumerate(creators, start=1):
            sheet.write_row(i, 0, _row(creator, manager=("Ada", "Ben")[i % 2]))
    with opened(out / "creators.xlsx") as sink:
        sink.write(buffer.getvalue())
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(POST_HEADINGS)
    for creator in creators:
        for post in creator.posts:
            at = "" if post.posted_at is None else post.posted_at.isoformat()
            counts = ("" if count is None else count for count in (post.likes, post.comments, post.views))
            writer.writerow((creator.handle, at, post.caption, *counts))
    with opened(out / "posts.csv") as sink:
        sink.write(text.getvalue().encode())


def _row(creator: Creator, *, manager: str) -> list[str | float]:
    values = (
        creator.handle, creator.display_name, creator.platform, creator.followers, creator.following, creator.bio,
        creator.country, creator.language, creator.price, creator.currency if creator.price is not None else None,
        manager,
    )  # fmt: skip
    return ["" if value is None else value for value in values]


def _refused(reject: Reject) -> None:
    raise RecordError(f"line {reject.line}: {reject.field}: {reject.reason}")


def main(argv: list[str] | None = None) -> int:
    """Write an agency's files of the sample's first creators."""
    parser = argparse.ArgumentParser(prog="python -m bonafit_training.sample.agency")
    parser.add_argument("--creators", type=Path, required=True, help="the sample's creators.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the files to")
    args = parser.parse_args(argv)
    creators = [creator for _, creator in read_creators(args.creators, on_reject=_refused)]
    write_agency(creators[:SIZE], args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
