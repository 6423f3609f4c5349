"""How the rows of a file are laid out, before their columns are read: posts in numbered columns, several accounts in
one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bonafit.io.report import ReadReport
from bonafit.io.rows.accounts import Accounts, accounts_of
from bonafit.io.rows.context import ReadOptions
from bonafit.io.rows.numbered import post_columns, with_posts


class Layout(msgspec.Struct, frozen=True):
    """What is done to every row. posts : column -> number and name. accounts : None where a row is one account."""

    posts: dict[str, tuple[int, str]] = {}
    accounts: Accounts | None = None

    def rows(self, row: Mapping[str, Any], report: ReadReport | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows that one row is, at least one; the report is told of more."""
        if self.posts:
            row = with_posts(row, self.posts)
        if self.accounts is None or not (self.accounts.columns or self.accounts.lists):
            yield row
            return
        rows = self.accounts.rows(row)
        if report is not None and len(rows) > 1:
            report.treat("rows: one person on several platforms, read as a record a platform")
        yield from rows

    @property
    def set_aside(self) -> frozenset[str]:
        """Columns that look like fields of the row and are not."""
        return frozenset() if self.accounts is None else self.accounts.set_aside

    def facts(self) -> dict[str, str]:
        """What a run tells of it."""
        facts = {}
        if self.posts:
            facts["posts in numbered columns"] = f"{len({number for number, _ in self.posts.values()})} a row"
        if self.accounts is not None and self.accounts.platforms:
            own = ["the row's own"] if self.accounts.own else []
            facts["accounts in a row"] = " and ".join([*own, *self.accounts.platforms])
        return facts


def layout_of(rows: Sequence[Mapping[str, Any]], options: ReadOptions) -> Layout | None:
    """The layout that a file's first rows show; None for one row a creator and nothing to be done."""
    keys = dict.fromkeys(key for row in rows[:50] for key in row if isinstance(key, str))
    posts = {} if options.names else post_columns(keys)
    accounts = accounts_of(rows, told=options.names)
    return Layout(posts, accounts) if posts or accounts is not None else None
