"""How the rows of a file are laid out, before their columns are read: posts in numbered columns, followers by
month, several accounts in one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bonafit.io.report import ReadReport
from bonafit.io.rows.accounts import Accounts, accounts_of
from bonafit.io.rows.context import ReadOptions
from bonafit.io.rows.flattened import nested_again, paths_of
from bonafit.io.rows.monthly import LIST, month_columns, with_history
from bonafit.io.rows.names import field_of
from bonafit.io.rows.numbered import post_columns, with_posts
from bonafit.io.rows.phrases import phrase_columns, with_counts
from bonafit.records import Creator, Post


class Layout(msgspec.Struct, frozen=True):
    """What is done to every row.

    paths      : keys of flattened JSON -> their steps. phrases : columns whose cells are counts in words.
    posts      : column -> number of a post and name within it.
    months     : column of followers -> month.
    is_counted : a column beside the months says how many follow now. accounts : None where a row is one account.
    """

    paths: dict[str, list[str]] = {}
    phrases: frozenset[str] = frozenset()
    posts: dict[str, tuple[int, str]] = {}
    months: dict[str, str] = {}
    is_counted: bool = False
    accounts: Accounts | None = None

    def rows(self, row: Mapping[str, Any], report: ReadReport | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows that one row is, at least one; the report is told of more."""
        if self.paths:
            row = nested_again(row, self.paths)
        if self.phrases:
            row = with_counts(row, self.phrases)
        if self.posts:
            row = with_posts(row, self.posts)
        if self.months:
            row = with_history(row, self.months, is_counted=self.is_counted)
        if self.accounts is None or not (self.accounts.columns or self.accounts.lists or self.accounts.own_names):
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
        if self.phrases:
            facts["counts in words"] = ", ".join(sorted(self.phrases))
        if self.posts:
            facts["posts in numbered columns"] = f"{len({number for number, _ in self.posts.values()})} a row"
        if self.months:
            newest = "" if self.is_counted else ", the newest as followers"
            facts["followers by month"] = f"{min(self.months.values())} to {max(self.months.values())}{newest}"
        if self.accounts is not None and self.accounts.platforms:
            own = ["the row's own"] if self.accounts.own else []
            facts["accounts in a row"] = " and ".join([*own, *self.accounts.platforms])
        return facts


def layout_of(
    rows: Sequence[Mapping[str, Any]], options: ReadOptions, kind: type[Creator] | type[Post] | None
) -> Layout | None:
    """The layout that a file's first rows show; None for one row a record and nothing to be done. kind : what rows are
    known to be."""
    paths = paths_of(dict.fromkeys(key for row in rows[:50] for key in row if isinstance(key, str)))
    if paths:
        rows = [nested_again(row, paths) for row in rows]
    if kind is Post:
        return Layout(paths) if paths else None
    phrases = frozenset[str]() if options.names else phrase_columns(rows)
    if phrases:
        rows = [with_counts(row, phrases) for row in rows]
    keys = dict.fromkeys(key for row in rows[:50] for key in row if isinstance(key, str))
    posts = {} if options.names else post_columns(keys)
    months = {} if options.names or LIST in keys else month_columns(keys)
    is_counted = any((field := field_of(Creator, key)) is not None and field[0] == "followers" for key in keys)
    accounts = accounts_of(rows, mapped=options.names)
    has_any = bool(paths or phrases or posts or months) or accounts is not None
    return Layout(paths, phrases, posts, months, is_counted, accounts) if has_any else None
