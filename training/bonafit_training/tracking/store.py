"""An MLflow store that any number of processes may open at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

# before MLflow is imported: nothing is sent anywhere, and no progress bars in logs
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")

import mlflow
from filelock import FileLock
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS, ErrorCode

from bonafit.errors import InputError
from bonafit_training.tracking.where import Place

# Creating the tables takes MLflow some seconds; twenty processes in a row on a busy machine still pass.
LOCK_SECONDS = 300
REGISTRY_VARIABLE = "MLFLOW_REGISTRY_URI"


def open_client(place: Place) -> MlflowClient:
    """A client of the store, whose tables exist afterwards. Raises InputError where it cannot be reached."""
    for noisy in ("mlflow.store", "mlflow.tracking", "mlflow.models", "mlflow.pyfunc", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    try:
        if place.folder is None:
            client = MlflowClient(tracking_uri=place.uri, registry_uri=place.uri)
            client.search_experiments(max_results=1)
            return client
        place.folder.mkdir(parents=True, exist_ok=True)
        # SQLite's own locks do not cover MLflow's migrations: two processes that start in an empty folder would both
        # create the tables, and one would fail.
        with FileLock(place.folder / "mlflow.lock", timeout=LOCK_SECONDS):
            client = MlflowClient(tracking_uri=place.uri, registry_uri=place.uri)
            client.search_experiments(max_results=1)
            client.search_registered_models(max_results=1)
        return client
    except (MlflowException, OSError) as error:
        raise InputError(f"tracking at {place.uri}: {error}; check --tracking-uri, or pass --no-tracking") from error


def experiment_id(client: MlflowClient, place: Place, name: str) -> str:
    """The experiment's id, created where it is new; its artifacts lie beside the database."""
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        try:
            return str(client.create_experiment(name, artifact_location=place.artifacts))
        except MlflowException as error:
            # another process was faster
            if error.error_code != ErrorCode.Name(RESOURCE_ALREADY_EXISTS):
                raise
            experiment = client.get_experiment_by_name(name)
    if experiment is None or experiment.lifecycle_stage != "active":
        raise InputError(f"experiment {name!r} is deleted; restore it with `mlflow experiments restore` or use another")
    return str(experiment.experiment_id)


@contextmanager
def current(place: Place) -> Iterator[None]:
    """MLflow's process-wide URIs set to this place while the block runs: log_model knows no other way.

    Setting one also sets an environment variable, which would otherwise outlive the block.
    """
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    registry = os.environ.get(REGISTRY_VARIABLE)
    mlflow.set_tracking_uri(place.uri)
    os.environ[REGISTRY_VARIABLE] = place.uri
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)
        if registry is None:
            del os.environ[REGISTRY_VARIABLE]
        else:
            os.environ[REGISTRY_VARIABLE] = registry
