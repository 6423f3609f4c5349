"""Types of fields that records share, with their bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

# Instagram's captions end at 2,200 characters, YouTube's descriptions at 5,000; ten times that is a broken export.
MAX_TEXT = 50_000
# The first of the platforms scored here opened in 2005; an earlier stamp is a parsing mistake.
EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)

# The most viewed video has some 10**10 views.
MAX_COUNT = 10**12

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)]
Money = Annotated[float, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**7)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
Name = Annotated[str, msgspec.Meta(max_length=500)]
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
