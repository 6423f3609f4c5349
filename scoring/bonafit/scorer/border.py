"""What a program gives a scorer, held to what a file's rows are held to, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bonafit.errors import RecordError
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.programs import validate_creator
from bonafit.records import Creator


def checked(creators: Iterable[Creator]) -> Iterator[Creator]:
    """The creators, the very objects where nothing is spelt otherwise than records spell it, as readers' never are.

    Codes and handles are read as files spell them, instants become UTC. Raises RecordError with the field's path for
    what is no Creator and for values that a file's row would be rejected for.
    """
    latest = latest_instant()
    for creator in creators:
        if not isinstance(creator, Creator):
            raise RecordError(f"found {type(creator).__name__}, expected Creator; see creator_from_dict for plain ones")
        try:
            yield check_creator(creator, latest=latest)
        except RecordError:
            # named by the general way, or another spelling that it knows
            yield validate_creator(creator)
