"""The tracker that keeps runs with MLflow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.time import get_current_time_millis

from bonafit.errors import InputError
from bonafit_training.contracts import Row
from bonafit_training.tracking.registry import register
from bonafit_training.tracking.store import experiment_id, open_client
from bonafit_training.tracking.where import Tracking, place_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What one call of MLflow's REST interface takes, and the longest value of a parameter and of a tag.
BATCH = 100
LONGEST_PARAM = 6_000
LONGEST_TAG = 5_000
_NOT_IN_NAMES = re.compile(r"[^\w\-. :/]")


def metric_name(key: str) -> str:
    """A Row's key as MLflow allows names: `recall@10` becomes `recall_at_10`, `A>B` becomes `A_to_B`."""
    return _NOT_IN_NAMES.sub("_", key.replace("@", "_at_").replace(">", "_to_").replace("+", "_up"))


class MlflowTracker:
    """Runs in one experiment; uses MLflow's client, so no process-wide state changes."""

    keeps = True

    def __init__(self, tracking: Tracking) -> None:
        self.tracking = tracking
        self.place = place_of(tracking)
        self.client = open_client(self.place)
        self._experiment = experiment_id(self.client, self.place, tracking.experiment)
        self._open: list[str] = []
        self._rows: dict[str, list[Row]] = {}

    @contextmanager
    def run(self, name: str, *, tags: Mapping[str, str] | None = None) -> Iterator[None]:
        all_tags = {key: value[:LONGEST_TAG] for key, value in (tags or {}).items()}
        if self._open:
            all_tags["mlflow.parentRunId"] = self._open[-1]
        created = self.client.create_run(self._experiment, run_name=name, tags=all_tags)
        run_id = str(created.info.run_id)
        self._open.append(run_id)
        status = "FAILED"
        try:
            yield
            status = "FINISHED"
        except KeyboardInterrupt:
            status = "KILLED"
            raise
        finally:
            if rows := self._rows.pop(run_id, []):
                table = msgspec.json.format(msgspec.json.encode(rows), indent=1).decode()
                self.client.log_text(run_id, table + "\n", "metrics.json")
            self._open.remove(run_id)
            self.client.set_terminated(run_id, status)

    @property
    def run_id(self) -> str:
        """Id of the innermost open run."""
        if not self._open:
            raise InputError("no run is open; log inside `with tracker.run(name)`")
        return self._open[-1]

    def params(self, values: Mapping[str, object]) -> None:
        items = iter([Param(key, str(value)[:LONGEST_PARAM]) for key, value in values.items()])
        while some := list(islice(items, BATCH)):
            self.client.log_batch(self.run_id, params=some)

    def metrics(self, rows: Iterable[Row]) -> None:
        metric_rows = list(rows)
        self._rows.setdefault(self.run_id, []).extend(metric_rows)
        now = get_current_time_millis()
        items = iter([Metric(metric_name(row.key), row.value, now, 0) for row in metric_rows])
        while some := list(islice(items, BATCH)):
            self.client.log_batch(self.run_id, metrics=some)

    def tags(self, values: Mapping[str, str]) -> None:
        self.client.log_batch(self.run_id, tags=[RunTag(k, v[:LONGEST_TAG]) for k, v in values.items()])

    def text(self, content: str, path: str) -> None:
        self.client.log_text(self.run_id, content, path)

    def figure(self, figure: Figure, path: str) -> None:
        self.client.log_figure(self.run_id, figure, path)

    def bundle(self, folder: Path) -> str | None:
        return register(
            folder, client=self.client, place=self.place, tracking=self.tracking, run_id=self.run_id
        ).version
