"""One line of JSON a request on stderr: what was asked of which bundle and how long it took; nothing of anybody.

No body, no id, no brand and no address is ever in a line: a creator's id in a path is written as its route.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec

LOGGER = logging.getLogger("bonafit.service")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = getattr(record, "fields", {})
        line = {"at": at, "level": record.levelname, "event": record.getMessage(), **fields}
        return msgspec.json.encode(line).decode()


def set_up() -> None:
    """Write the service's lines to stderr, unless the process has set its own handlers for them."""
    if not LOGGER.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False


def tell(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """One line. fields : numbers, routes, digests and kinds of errors; never a value of a request."""
    LOGGER.log(level, event, extra={"fields": fields})
