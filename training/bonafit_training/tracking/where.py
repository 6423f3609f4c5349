"""Where runs and models are kept: one configured place, never the working directory by accident."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bonafit.errors import InputError

HOME_VARIABLE = "BONAFIT_TRACKING"
URI_VARIABLE = "MLFLOW_TRACKING_URI"
SQLITE = "sqlite:///"
# Schemes of MLflow's servers and databases. Its file store is refused by MLflow itself since 3.17.
SCHEMES = (SQLITE, "http://", "https://", "postgresql", "mysql", "mssql", "databricks")


class Tracking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[tracking]` table of a training configuration.

    uri        : an MLflow tracking URI; default $MLFLOW_TRACKING_URI, then a SQLite file in the tracking folder.
    experiment : the experiment that runs belong to.
    model      : the name that bundles are registered under.
    alias      : the alias that a newly trained bundle gets.
    """

    uri: str | None = None
    experiment: str = "bonafit"
    model: str = "bonafit"
    alias: str = "challenger"


@dataclass(frozen=True)
class Place:
    """uri : MLflow's tracking and registry URI. folder : where its database and artifacts lie; None on a server."""

    uri: str
    folder: Path | None

    @property
    def artifacts(self) -> str | None:
        return None if self.folder is None else (self.folder / "artifacts").as_uri()


def tracking_home() -> Path:
    """$BONAFIT_TRACKING, or bonafit/tracking in the user's data folder."""
    if home := os.environ.get(HOME_VARIABLE):
        return Path(home).expanduser().absolute()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "bonafit" / "tracking"


def place_of(tracking: Tracking) -> Place:
    """The place that a configuration, the environment or the default names, in this order.

    Raises InputError for a URI that MLflow keeps no runs at.
    """
    uri = tracking.uri or os.environ.get(URI_VARIABLE) or f"{SQLITE}{tracking_home() / 'mlflow.db'}"
    if not uri.startswith(SCHEMES):
        raise InputError(
            f"tracking URI {uri!r}: expected {SQLITE}/absolute/path/mlflow.db or a server's http(s) address; "
            "MLflow no longer keeps runs in plain folders"
        )
    if not uri.startswith(SQLITE):
        return Place(uri, None)
    database = Path(uri.removeprefix(SQLITE).partition("?")[0]).absolute()
    return Place(f"{SQLITE}{database}", database.parent)
