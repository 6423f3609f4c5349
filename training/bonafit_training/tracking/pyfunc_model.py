"""The MLflow model as code: MLflow copies this file and the package bonafit into the model and runs it at loading.

It imports nothing but bonafit, MLflow and what MLflow itself needs, so that a model loads offline, without
bonafit_training and without any pickle.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import mlflow
import msgspec
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import BAD_REQUEST

from bonafit import BonafitError, Creator, Scorer
from bonafit.errors import BriefError, RecordError
from bonafit.io.brief import brief_from_dict
from bonafit.io.read import Reject, creator_from_dict, reject_from
from bonafit.jobs.arrow import score_rows
from bonafit.results import COMPONENTS, CreatorScore
from bonafit.scorer.scorer import BATCH

REFUSE, RETURN = "refuse", "return"


class CreatorModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """Scores a table of creators, one a row, for the brief in the parameter `brief`."""

    def load_context(self, context: Any) -> None:
        """Load the one bundle among the artifacts. Threads: model_config `threads`, then OMP_NUM_THREADS, then all."""
        manifest = next(Path(context.artifacts["models"]).glob("*/manifest.json"))
        threads = (context.model_config or {}).get("threads") or os.environ.get("OMP_NUM_THREADS")
        self.scorer = Scorer.load(manifest.parent, threads=int(threads) if threads else None)

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """One row for each row of the input: figures, and in `result` the JSON line that `bonafit score` writes.

        params : `brief`, JSON; `rejects`, `refuse` (one bad row refuses the request, 400 on a server) or `return`
        (a bad row gets its reasons in the column `reject`, as JSON).
        """
        given = params or {}
        try:
            brief = self.scorer.prepare_brief(brief_from_dict(_decoded(str(given.get("brief", "")))))
            rows = read_rows(model_input)
            mode = given.get("rejects", REFUSE)
            if mode not in (REFUSE, RETURN):
                raise BriefError(f"params.rejects: found {mode!r}, expected {REFUSE} or {RETURN}")
            if mode == REFUSE:
                refuse(rows)
            parts = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
            return frame([answer for part in parts for answer in score_rows(self.scorer, part, brief)])
        except BonafitError as error:
            raise MlflowException(str(error), error_code=BAD_REQUEST) from None


def read_rows(table: pd.DataFrame) -> list[Creator | Reject]:
    """Rows of a data frame as creators; those that are none as rejects, numbered from 1. Lists may be JSON text."""
    records = table.to_dict("records")
    return [_row(plain(record), i) for i, record in enumerate(records, start=1)]


def _row(record: dict[str, Any], number: int) -> Creator | Reject:
    try:
        return creator_from_dict(record, line=number)
    except RecordError as error:
        return reject_from(error)


def refuse(rows: Iterable[Creator | Reject]) -> None:
    """Raise RecordError for the first reject, naming its row and field path and how many there are."""
    rejects = [row for row in rows if isinstance(row, Reject)]
    if rejects:
        first = rejects[0]
        more = f" ({len(rejects)} rows are bad)" if len(rejects) > 1 else ""
        raise RecordError(
            first.reason + more, line=first.line, creator_id=first.creator_id, field=first.field, found=first.found
        )


def frame(answers: list[CreatorScore | Reject]) -> pd.DataFrame:
    """Answers as the table that the model's signature promises.

    Absent numbers are None, absent texts empty: spark_udf would make the text "None" of a None.
    """
    columns = ("creator_id", "score", *COMPONENTS, "flags", "result", "reject")
    return pd.DataFrame([_cells(answer) for answer in answers], columns=columns, dtype=object)


def _cells(answer: CreatorScore | Reject) -> tuple[object, ...]:
    if isinstance(answer, Reject):
        reject = msgspec.json.encode(answer).decode()
        return (answer.creator_id or "", None, *[None] * len(COMPONENTS), [], "", reject)
    values = [part.value for part in answer.components]
    line = msgspec.json.encode(answer).decode()
    return (answer.creator_id, answer.score, *values, list(answer.flags), line, "")


def plain(value: Any) -> Any:
    """A value as pandas and Spark hold it, as JSON would; absent is None."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, str | datetime):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple | np.ndarray):
        # a Spark Row is a tuple with names
        return plain(value.asDict()) if hasattr(value, "asDict") else [plain(inner) for inner in value]
    return value


def _decoded(text: str) -> Any:
    if not text:
        raise BriefError("params.brief: is missing; send the brief as JSON text, see docs/mlflow.md")
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise BriefError(f"params.brief: is not JSON ({error}); see docs/mlflow.md") from None


mlflow.models.set_model(CreatorModel())
