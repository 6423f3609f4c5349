"""The first rows of an input: what they are, which reader they ask for, what stops a run before anything is read."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import Source, Source_
from bonafit.io.look import ROWS, kind_of, tell
from bonafit.io.plain_rows import Plain, decoded, folder_rows, plain_rows, readable_rows, share_read
from bonafit.io.printable import printable
from bonafit.io.report import ReadReport
from bonafit.io.rows.context import ReadOptions
from bonafit.io.rows.layout import Layout, layout_of
from bonafit.io.rows.names import plain
from bonafit.io.rows.reader import RowReader
from bonafit.io.streams import length_of, named, opened
from bonafit.records import Creator, Post

# Bytes of rows that the first look holds at most.
_LOOK_BYTES = 8 << 20


@dataclass(frozen=True)
class FirstRows:
    """How inputs are looked at.

    report : told of what is found. now : what "in the future" is measured against. options : what the user says of
    names and spellings. careful : evidence that is not read stops the run.
    """

    report: ReadReport
    now: datetime | None
    options: ReadOptions
    careful: bool

    @contextmanager
    def looked_at(
        self,
        path: Source_,
        format: str | None,
        prefix: str,
        kind: type[Creator] | type[Post] | None,
        *,
        sheet: str | None = None,
        has_posts: bool = False,
    ) -> Iterator[tuple[Iterator[Plain], RowReader]]:
        """Rows of an input, none lost, and the reader that its first rows ask for.

        kind : what rows are known to be; None where they are looked at for that too. sheet : of a workbook, where it is
        not the one that the user says. has_posts : a posts file lies beside.
        Raises InputError where careful reading finds that evidence is not read.
        """
        options = self.options
        source = Source(name=named(path), path=path, kind=kind, sheet=sheet or options.sheet, max_row=options.max_row)
        is_folder = os.fspath(path) != "-" and os.path.isdir(path)
        with nullcontext() if is_folder else opened(path) as raw:
            rows = folder_rows(path, source, format) if raw is None else plain_rows(raw, source, format)
            size_of_input = None if raw is None else length_of(raw)
            head: list[Plain] = []
            shares: deque[float | None] = deque()
            size = 0
            for row in islice(rows, ROWS):
                head.append(row)
                shares.append(share_read(source, row[0], raw, size_of_input))
                size += len(row[1]) if isinstance(row[1], bytes) else 0
                if size > _LOOK_BYTES:
                    break
            readable = readable_rows(head)
            layout = layout_of(readable, self.options, kind)
            if layout is not None:
                readable = [part for row in readable for part in layout.rows(row)]
                source.facts.update(layout.facts())
            reader = self._reader(readable, kind, layout)
            self._match_map(reader, is_main=not prefix)
            tell(reader, readable, self.report, prefix=prefix, has_posts=has_posts)
            self._tell(source, reader, prefix)
            self._stop_early(source, head, readable)
            # rows of the look go as they are read, so that they are held once
            waiting = deque(head)
            head.clear()
            first_rows = (waiting.popleft() for _ in range(len(waiting)))
            later = ((row, share_read(source, row[0], raw, size_of_input)) for row in rows)
            pairs = chain(((row, shares.popleft()) for row in first_rows), later)
            counted = self._counted(pairs, source, is_main=not prefix)
            yield (counted if layout is None else self._laid_out(counted, layout)), reader

    def _laid_out(self, rows: Iterator[Plain], layout: Layout) -> Iterator[Plain]:
        """The rows that each row is; what cannot be read stays one."""
        for number, row in rows:
            plain = decoded(row, number)
            if isinstance(plain, RecordError):
                yield number, plain
            else:
                yield from ((number, part) for part in layout.rows(plain, self.report))

    def _reader(
        self, rows: list[Mapping[str, Any]], kind: type[Creator] | type[Post] | None, layout: Layout | None
    ) -> RowReader:
        def made(kind: type[Creator] | type[Post]) -> RowReader:
            reader = RowReader(kind, report=self.report, options=self.options, now=self.now)
            reader.set_aside = frozenset() if layout is None else layout.set_aside
            reader.look(rows)
            return reader

        if kind is not None:
            return made(kind)
        creators, posts = made(Creator), made(Post)
        return creators if kind_of(rows[:200], creators, posts) is Creator else posts

    def _match_map(self, reader: RowReader, *, is_main: bool) -> None:
        """Names of --map that no column has, over the posts file and the creators, are told."""
        keys = {plain(name) for step in reader.steps() for name in (step.key, step.path.removeprefix("posts[]."))}
        self.report.mapped.update(name for name in self.options.names if plain(name) in keys)
        if is_main:
            absent = [name for name in self.options.names if name not in self.report.mapped]
            self.report.assumed += [f"--map {printable(name)}: no column is called so" for name in absent]

    def _tell(self, source: Source, reader: RowReader, prefix: str) -> None:
        facts = dict(source.facts)
        if reader.vendor is not None:
            facts["vendor"] = reader.vendor.name
        facts["rows"] = "creators" if reader.kind is Creator else "posts"
        self.report.source.update({prefix + name: value for name, value in facts.items() if value is not None})

    def _stop_early(self, source: Source, head: list[Plain], readable: list[Mapping[str, Any]]) -> None:
        if not self.careful:
            return
        if head and not readable:
            errors = (decoded(row, number) for number, row in head)
            first = next(error for error in errors if isinstance(error, RecordError))
            raise InputError(
                f"{source.name}: none of the first {len(head):,} rows can be read; the first: {first.reason}"
            )
        if self.report.problems:
            remedies = list(dict.fromkeys(self.report.remedies))
            problems = "; ".join(dict.fromkeys(self.report.problems))[:600]
            advice = f"try {' '.join(remedies[:3])}, or " if remedies else ""
            raise InputError(f"{source.name}: {problems}; {advice}look with bonafit inspect")

    def _counted(self, rows: Iterator[tuple[Plain, float | None]], source: Source, *, is_main: bool) -> Iterator[Plain]:
        """The rows; the report learns how much of the input is read, and of its blank lines."""
        for row, share in rows:
            if is_main:
                self.report.share = share
            yield row
        self.report.blank_lines += source.blank_lines
