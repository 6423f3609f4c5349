"""Bundles in an MLflow registry: registered as versions, named by aliases, found again by URI."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import bonafit
from bonafit.bundle.manifest import MANIFEST, Bundle, read_bundle
from bonafit.bundle.portable import copy_portable
from bonafit.encoders import default_cache_path
from bonafit.errors import BundleMissingError, InputError
from bonafit_training.tracking.where import Place, Tracking, place_of

if TYPE_CHECKING:
    from mlflow import MlflowClient

CHAMPION = "champion"
# What `promote` keeps for `promote --rollback`.
PREVIOUS = "previous"
MODEL_CODE = Path(__file__).with_name("pyfunc_model.py")
# What a served model needs besides the copy of bonafit that it carries.
REQUIREMENTS = ("mlflow", "pandas", "numpy", "msgspec", "pyarrow", "onnxruntime", "tokenizers")
_URI = re.compile(r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>[0-9]+))")


class Version(NamedTuple):
    """One version of a registered model."""

    name: str
    version: str


def requirements() -> list[str]:
    """The model's pip requirements, pinned to what is installed here."""
    return [f"{name}=={importlib.metadata.version(name)}" for name in REQUIREMENTS]


def register(folder: Path, *, client: MlflowClient, place: Place, tracking: Tracking, run_id: str) -> Version:
    """Log a bundle as an MLflow model of a run and register it as a new version with `tracking.alias`.

    The model carries the bundle, its encoder and bonafit's own code; nothing is pickled.
    """
    import mlflow
    import pandas as pd

    from bonafit_training.tracking.signature import example, signature
    from bonafit_training.tracking.store import current

    bundle = read_bundle(folder)
    rows, params = example()
    with tempfile.TemporaryDirectory(prefix="bonafit-") as work, current(place):
        models = Path(work) / "models"
        copy_portable(bundle, models)
        code = Path(work) / "bonafit"
        shutil.copytree(Path(bonafit.__file__).parent, code, ignore=shutil.ignore_patterns("__pycache__"))
        with mlflow.start_run(run_id=run_id):
            info = mlflow.pyfunc.log_model(
                name="bonafit",
                python_model=str(MODEL_CODE),
                artifacts={"models": str(models)},
                code_paths=[str(code)],
                pip_requirements=requirements(),
                signature=signature(),
                input_example=(pd.DataFrame(rows), params),
                registered_model_name=tracking.model,
                await_registration_for=60,
            )
    version = Version(tracking.model, str(info.registered_model_version))
    for key, value in _tags(bundle).items():
        client.set_model_version_tag(*version, key, value)
    client.set_registered_model_alias(version.name, tracking.alias, version.version)
    return version


def _tags(bundle: Bundle) -> dict[str, str]:
    manifest = bundle.manifest
    data = {f"data.{d.name}": d.sha256 for d in manifest.datasets}
    return {"bundle": manifest.name, "digest": bundle.digest, "commit": manifest.commit, **data}


def by_alias(client: MlflowClient, name: str, alias: str) -> Version | None:
    """The version that an alias names, None where there is no such alias or model."""
    from mlflow.exceptions import MlflowException

    try:
        return Version(name, str(client.get_model_version_by_alias(name, alias).version))
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise


def fetch(client: MlflowClient, place: Place, version: Version) -> Path:
    """Folder of a version's bundle: downloaded once a version into the user's cache, whole or not at all."""
    import mlflow
    from mlflow.exceptions import MlflowException

    from bonafit_training.tracking.store import current

    root = default_cache_path() or Path(tempfile.gettempdir()) / "bonafit"
    where = hashlib.sha256(place.uri.encode()).hexdigest()[:16]
    folder = root / "models" / where / version.name / version.version
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as work, current(place):
            try:
                downloaded = mlflow.artifacts.download_artifacts(
                    artifact_uri=f"models:/{version.name}/{version.version}", dst_path=work
                )
            except (MlflowException, OSError) as error:
                raise BundleMissingError(
                    f"models:/{version.name}/{version.version}: cannot be fetched from {place.uri} ({error}); "
                    "check the version and MLFLOW_TRACKING_URI"
                ) from error
            models = next(Path(downloaded).glob("artifacts/models"), None)
            if models is None:
                raise BundleMissingError(
                    f"models:/{version.name}/{version.version}: holds no bundle; register one with `bonafit train`"
                )
            try:
                models.rename(folder)
            except OSError:
                # another process was faster; anything else is an error
                if not folder.is_dir():
                    raise
    return next(folder.glob(f"*/{MANIFEST}")).parent


def resolve(uri: str, *, tracking: Tracking | None = None) -> Path:
    """Folder of the bundle that `models:/name@alias` or `models:/name/version` names, for bonafit.bundle.resolve.

    Raises InputError for another URI, BundleMissingError where the registry has no such version.
    """
    match = _URI.fullmatch(uri)
    if match is None:
        raise InputError(f"{uri}: expected models:/<name>@<alias> or models:/<name>/<version>")
    from bonafit_training.tracking.store import open_client

    place = place_of(tracking or Tracking())
    client = open_client(place)
    if match["version"] is not None:
        return fetch(client, place, Version(match["name"], match["version"]))
    version = by_alias(client, match["name"], match["alias"])
    if version is None:
        raise BundleMissingError(
            f"{uri}: no such alias at {place.uri}; set MLFLOW_TRACKING_URI, or register with `bonafit train`"
        )
    return fetch(client, place, version)
