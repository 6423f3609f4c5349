"""What training and evaluation tell of themselves, and the tracker that keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bonafit.errors import InputError
from bonafit_training.contracts import Row
from bonafit_training.tracking.where import Tracking

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.figure import Figure


class Tracker(Protocol):
    """One run after another, nested where opened inside one another. Everything goes to the innermost open run."""

    @property
    def keeps(self) -> bool:
        """Whether anything is kept: figures need not be drawn for a tracker that keeps nothing."""
        ...

    def run(self, name: str, *, tags: Mapping[str, str] | None = None) -> AbstractContextManager[None]:
        """A run until the block ends; failed where it ends with an error."""
        ...

    def params(self, values: Mapping[str, object]) -> None:
        """What was chosen before the run: each name once a run."""
        ...

    def tags(self, values: Mapping[str, str]) -> None:
        """What was found out on the way: versions, digests, licences."""
        ...

    def metrics(self, rows: Iterable[Row]) -> None:
        """Figures by their keys, baselines under the baseline's name; all of them as a table too."""
        ...

    def text(self, content: str, path: str) -> None:
        """A text file among the run's artifacts."""
        ...

    def figure(self, figure: Figure, path: str) -> None:
        """A plot among the run's artifacts."""
        ...

    def bundle(self, folder: Path) -> str | None:
        """Register a published bundle as a new version of the model; the version, None where nothing is kept."""
        ...


class NoTracker:
    """The tracker of `--no-tracking`: the same interface, no MLflow, nothing written."""

    keeps = False

    @contextmanager
    def run(self, name: str, *, tags: Mapping[str, str] | None = None) -> Iterator[None]:
        yield

    def params(self, values: Mapping[str, object]) -> None:
        pass

    def tags(self, values: Mapping[str, str]) -> None:
        pass

    def metrics(self, rows: Iterable[Row]) -> None:
        pass

    def text(self, content: str, path: str) -> None:
        pass

    def figure(self, figure: Figure, path: str) -> None:
        pass

    def bundle(self, folder: Path) -> str | None:
        return None


def open_tracker(tracking: Tracking | None) -> Tracker:
    """A tracker that keeps runs with MLflow, or NoTracker for None. Raises InputError where MLflow is not installed."""
    if tracking is None:
        return NoTracker()
    try:
        from bonafit_training.tracking.mlflow_tracker import MlflowTracker
    except ImportError as error:
        raise InputError(
            f"tracking needs MLflow ({error}); pip install 'bonafit[track]' or pass --no-tracking"
        ) from None
    return MlflowTracker(tracking)
