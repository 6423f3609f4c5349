"""A creator whose platform nobody says is taken for the platform on which they stand lowest.

Rates of platforms differ by more than creators do, so that leaving the platform out could raise quality; hiding must
not pay (rule 5 of the judgement contract).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bonafit.prepared import Prepared
from bonafit.results import Component

UNKNOWN = "platform_not_stated"


def as_each_platform(creators: Sequence[Prepared], platforms: Sequence[str]) -> tuple[list[Prepared], list[list[int]]]:
    """Creators with every platform in turn, and with none, where none is stated; and the places of their readings."""
    readings: list[Prepared] = []
    places: list[list[int]] = []
    for prepared in creators:
        names = (prepared.creator.platform,) if prepared.creator.platform else (*platforms, None)
        places.append(list(range(len(readings), len(readings) + len(names))))
        readings += [replace(prepared, creator=replace(prepared.creator, platform=name)) for name in names]
    return readings, places


def lowest(answers: Sequence[Component], worth: float) -> Component:
    """The answer with the lowest value among those of the platforms, wide enough for each.

    answers : of every platform in turn and, last, of none, which is given where no platform's reading has a value.
    worth : sufficiency that stating the platform would have added.
    """
    own = [answer for answer in answers[:-1] if answer.value is not None]
    if not own:
        return answers[-1]
    least = min(own, key=lambda answer: answer.value or 0.0)
    bounds = [answer.interval for answer in own if answer.interval is not None]
    return replace(
        least,
        interval=(min(low for low, _ in bounds), max(high for _, high in bounds)),
        sufficiency=max(0.0, min(answer.sufficiency for answer in own) - worth),
        flags=(*least.flags, UNKNOWN),
    )
