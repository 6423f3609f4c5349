"""What a head is, and the head of a bundle that has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component

# On the answer of a head that the bundle was published without.
NOT_IN_BUNDLE = "not_in_bundle"


class Head(Protocol):
    """One head of a bundle. `name` is one of bonafit.heads.HEADS."""

    name: str

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> Head:
        """Construct from the manifest's section of this head and its npz tables."""
        ...

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order; a creator's bytes do not depend on its neighbours or on order."""
        ...


@runtime_checkable
class ReadsThroughDoor(Protocol):
    """A head whose answers depend on which languages come through the bundle's door."""

    def read_through(self, languages: Mapping[str, float | None]) -> None:
        """Read these ISO 639-1 languages too; with how well each is read, None where that was not measured."""
        ...


def abstention(name: str, flag: str) -> Component:
    """The answer of a head that has no value for a creator, and why."""
    return Component(name=name, status="insufficient", value=None, interval=None, sufficiency=0.0, flags=(flag,))


class AbsentHead:
    """Stands for a head that the bundle was published without: abstains for everybody and says so."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> AbsentHead:
        """An absent head has neither tables nor settings: `section` holds its name."""
        return cls(str(section["name"]))

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """An abstention for everybody."""
        return [abstention(self.name, NOT_IN_BUNDLE)] * len(creators)
