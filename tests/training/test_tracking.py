"""Tracking: the same interface with and without MLflow, and a store that many processes may open at once."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.errors import InputError
from bonafit_training.contracts import HeldOut, Row
from bonafit_training.tracking import NoTracker, Tracker, Tracking, open_tracker, place_of
from bonafit_training.tracking.plots import reliability_figure, reliability_points
from bonafit_training.tracking.tracker import Tracker as Protocol_
from tests.rehearsal import published, quick_config, quick_fits

# MLflow and SQLAlchemy warn of each other's deprecations
pytestmark = pytest.mark.filterwarnings("default")
pytest.importorskip("mlflow", reason="MLflow is not installed; pip install 'bonafit[track]'")

ROW = Row(
    suite="s", dataset="a>b", split="transfer:a>b", slice="1k+", method="bonafit", metric="recall@10", value=0.25, n=4
)
STARTER = """
import sys
from bonafit_training.tracking import Tracking, open_tracker
tracker = open_tracker(Tracking(experiment="started together"))
with tracker.run(f"run {sys.argv[1]}"):
    tracker.params({"process": sys.argv[1]})
"""


@pytest.fixture
def tracking(tmp_path: Path) -> Tracking:
    return Tracking(uri=f"sqlite:///{tmp_path / 'kept' / 'mlflow.db'}")


def test_both_trackers_have_the_interface() -> None:
    from bonafit_training.tracking.mlflow_tracker import MlflowTracker

    names = [name for name in vars(Protocol_) if not name.startswith("_") and callable(getattr(Protocol_, name))]
    assert {"run", "params", "tags", "metrics", "text", "figure", "bundle"} == set(names)
    for name in names:
        expected = inspect.signature(getattr(Protocol_, name)).parameters
        for kind in (NoTracker, MlflowTracker):
            assert inspect.signature(getattr(kind, name)).parameters == expected


@pytest.mark.slow
def test_no_tracking_imports_no_mlflow_and_keeps_nothing(tmp_path: Path) -> None:
    code = f"""
import sys
from bonafit_training.pipeline import train as pipeline
from bonafit_training.tracking import open_tracker
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.rehearsal import quick_config, quick_fits
from pathlib import Path
pipeline.FITS = quick_fits()
pipeline.train(quick_config(Path("run"), "quiet"), tracker=open_tracker(None))
print([m for m in sys.modules if m.partition(".")[0] in ("mlflow", "matplotlib")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_the_place_is_configured_in_one_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("BONAFIT_TRACKING", str(tmp_path / "home"))
    assert place_of(Tracking()).uri == f"sqlite:///{tmp_path / 'home' / 'mlflow.db'}"
    monkeypatch.delenv("BONAFIT_TRACKING")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert place_of(Tracking()).folder == tmp_path / "bonafit" / "tracking"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    assert place_of(Tracking()).uri == "http://127.0.0.1:1"
    assert place_of(Tracking()).artifacts is None
    assert place_of(Tracking(uri="sqlite:////a/b.db")).artifacts == "file:///a/artifacts"
    with pytest.raises(InputError, match="no longer keeps runs in plain folders"):
        place_of(Tracking(uri="file:///runs"))


def test_without_mlflow_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bonafit_training.tracking.mlflow_tracker", None)
    with pytest.raises(InputError, match="or pass --no-tracking"):
        open_tracker(Tracking())


@pytest.mark.slow
def test_three_processes_may_start_at_once_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONAFIT_TRACKING", str(tmp_path / "kept"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    cwd = tmp_path / "cwd"
    cwd.mkdir()
    started = [
        subprocess.Popen([sys.executable, "-c", STARTER, str(i)], cwd=cwd, stderr=subprocess.PIPE, text=True)
        for i in range(3)
    ]
    for process in started:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    from bonafit_training.tracking.store import open_client

    client = open_client(place_of(Tracking()))
    experiment = client.get_experiment_by_name("started together")
    runs = client.search_runs([experiment.experiment_id])
    assert sorted(run.info.run_name for run in runs) == ["run 0", "run 1", "run 2"]
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert list(cwd.iterdir()) == []


@pytest.mark.slow
def test_figures_keep_their_names_as_far_as_mlflow_allows(tracking: Tracking) -> None:
    from bonafit_training.tracking.mlflow_tracker import MlflowTracker

    tracker: Tracker = open_tracker(tracking)
    assert isinstance(tracker, MlflowTracker)
    with tracker.run("outer"):
        tracker.params({"a": 1, "long": "x" * 9_000})
        tracker.metrics([ROW] * 3)
        with pytest.raises(ZeroDivisionError), tracker.run("inner"):
            _ = 1 / 0
    with pytest.raises(InputError, match="no run is open"):
        tracker.params({"b": 2})
    inner, outer = tracker.client.search_runs([tracker._experiment])
    assert (inner.info.status, outer.info.status) == ("FAILED", "FINISHED")
    assert inner.data.tags["mlflow.parentRunId"] == outer.info.run_id
    assert outer.data.metrics == {"s/a_to_b/transfer:a_to_b/1k_up/bonafit/recall_at_10": 0.25}
    table = Path(tracker.client.download_artifacts(outer.info.run_id, "metrics.json")).read_bytes()
    assert msgspec.json.decode(table, type=list[Row]) == [ROW] * 3


@pytest.mark.slow
def test_training_keeps_heads_and_folds_as_nested_runs(
    tmp_path: Path, tracking: Tracking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bonafit_training.pipeline import train as pipeline
    from bonafit_training.tracking.mlflow_tracker import MlflowTracker

    cwd = tmp_path / "cwd"
    cwd.mkdir()
    monkeypatch.chdir(cwd)
    monkeypatch.setattr(pipeline, "FITS", quick_fits())
    monkeypatch.setattr(MlflowTracker, "bundle", lambda self, folder: "1")
    tracker = open_tracker(tracking)
    assert isinstance(tracker, MlflowTracker)
    pipeline.train(quick_config(tmp_path / "run", "tracked"), tracker=tracker)
    runs = {run.info.run_id: run for run in tracker.client.search_runs([tracker._experiment])}
    parents = {
        run.info.run_name: runs[run.data.tags["mlflow.parentRunId"]].info.run_name
        for run in runs.values()
        if "mlflow.parentRunId" in run.data.tags
    }
    assert parents["authenticity"] == "tracked"
    assert parents["fold 1"] in pipeline.FITS
    assert len(runs) == 1 + len(pipeline.FITS) * 3
    root = next(run for run in runs.values() if run.info.run_name == "tracked")
    assert root.data.params["seed"] == "7"
    assert root.data.params["bundle.encoder.digest"]
    assert {"commit", "library.numpy", "library.scikit-learn"} <= set(root.data.tags)
    head = next(run for run in runs.values() if run.info.run_name == "authenticity")
    kept = [item.path for item in tracker.client.list_artifacts(head.info.run_id)]
    assert {"CARD.md", "metrics.json", "reliability", "effects"} <= set(kept)
    assert list(cwd.iterdir()) == []
    assert published().is_dir()


@pytest.mark.slow
def test_reliability_against_a_slow_reference() -> None:
    p = np.arange(30) / 30
    y = (np.arange(30) % 3 == 0).astype(np.int64)
    mean, share, error = reliability_points(HeldOut("t", y, p), bins=3)
    assert mean == pytest.approx([p[:10].mean(), p[10:20].mean(), p[20:].mean()])
    assert share == pytest.approx([0.4, 0.3, 0.3])
    assert (error > 0).all()
    assert reliability_figure(HeldOut("t", np.zeros(5, dtype=np.int64), np.zeros(5))).axes
