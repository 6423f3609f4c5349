"""The whole life of a model in one temporary folder: train, register, promote, roll back, serve, score over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from bonafit.bundle.manifest import MANIFEST, read_bundle
from bonafit.cli import main
from bonafit.errors import BundleMissingError, InputError
from bonafit.records import Creator
from bonafit.scorer.scorer import Scorer
from bonafit_training.pipeline import train as pipeline
from bonafit_training.publishing.promote import promote, rollback
from bonafit_training.sample.creators import iter_creators
from bonafit_training.tracking import Tracking, open_tracker
from bonafit_training.tracking.registry import CHAMPION, PREVIOUS, by_alias, requirements, resolve
from tests.rehearsal import quick_config, quick_fits
from tests.tiny import BRIEF
from tests.training.test_evaluation import write_cases

mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed; pip install 'bonafit[track]'")
# MLflow and SQLAlchemy warn of each other's deprecations
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

MODEL = "bonafit"
READY_SECONDS = 180
PARAMS = {"brief": msgspec.json.encode(BRIEF).decode()}


class Stage(NamedTuple):
    """tracking : the registry with two versions, each trained. cases : a cases file. cwd : stays empty."""

    folder: Path
    tracking: Tracking
    bundles: tuple[Path, Path]
    cases: Path
    cwd: Path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A champion, then a challenger whose authenticity is turned round."""
    folder = tmp_path_factory.mktemp("rehearsal")
    cwd = folder / "cwd"
    cwd.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setenv("BONAFIT_TRACKING", str(folder / "kept"))
        patch.setenv("BONAFIT_CACHE", str(folder / "cache"))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setattr(pipeline, "FITS", quick_fits())
        tracking = Tracking()
        tracker = open_tracker(tracking)
        first, _ = pipeline.train(quick_config(folder, "first"), tracker=tracker)
        cases = write_cases(folder / "cases", list(iter_creators(60, 7)), positives=6)
        assert main(["promote", "--cases", str(cases)]) == 0
        spoilt = quick_config(folder, "second", authenticity={"turn": -1.0})
        second, _ = pipeline.train(spoilt, tracker=tracker)
        yield Stage(folder, tracking, (first, second), cases, cwd)


@pytest.fixture(scope="module")
def labels_follow_champion(stage: Stage) -> Path:
    """Cases whose labels are the champion's own verdicts, so that turning it round is worse for certain."""
    creators = list(iter_creators(60, 7))
    folder = stage.folder / "followed"
    file = write_cases(folder, creators, positives=6)
    with Scorer.load(stage.bundles[0], threads=1) as scorer:
        values = {r.creator_id: r.authenticity.value for r in scorer.stream(creators, BRIEF)}
    known = sorted((v, i) for i, v in values.items() if v is not None)
    middle = known[len(known) // 2][0]
    rows = "".join(f"{i},{int(v >= middle)}\n" for v, i in known)
    (folder / "labels.csv").write_text("creator_id,genuine\n" + rows)
    return file


def test_two_trainings_of_one_seed_differ_in_the_stamp_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "FITS", quick_fits())
    other = stage.folder / "again"
    again, _ = pipeline.train(quick_config(other, "first"), log=lambda line: None)
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in stage.bundles[0].iterdir())
    for file in again.iterdir():
        mine, theirs = file.read_bytes(), (stage.bundles[0] / file.name).read_bytes()
        if file.name == MANIFEST:
            mine, theirs = (msgspec.json.encode(_unstamped(raw), order="sorted") for raw in (mine, theirs))
        assert mine == theirs, file.name
    assert read_bundle(again).digest == read_bundle(stage.bundles[0]).digest


def _unstamped(raw: bytes) -> dict[str, Any]:
    manifest: dict[str, Any] = msgspec.json.decode(raw)
    del manifest["created"]
    return manifest


def test_a_worse_challenger_is_refused_with_reasons(
    stage: Stage, labels_follow_champion: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["promote", "--from", "challenger", "--cases", str(labels_follow_champion)]) == 1
    out = capsys.readouterr().out
    assert "refused: authenticity auc on all" in out
    assert "| niche_fit | all | auc |" in out
    assert "version 2 is not @champion, was version 1" in out
    assert Path(Scorer.load(f"models:/{MODEL}@{CHAMPION}", threads=1).bundle.path).name == "first"


def test_a_challenger_that_is_as_good_is_promoted_and_rolled_back(
    stage: Stage, labels_follow_champion: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from bonafit_training.tracking.store import open_client
    from bonafit_training.tracking.where import place_of

    client = open_client(place_of(stage.tracking))
    client.set_registered_model_alias(MODEL, "same", "1")
    with pytest.raises(InputError, match="is the champion already"):
        main_or_raise(stage, "same", labels_follow_champion)
    with pytest.raises(InputError, match="no such version"):
        main_or_raise(stage, "nobody", labels_follow_champion)
    # version 2 as champion and 1 as challenger: better, so promoted
    client.set_registered_model_alias(MODEL, CHAMPION, "2")
    assert main(["promote", "--from", "same", "--cases", str(labels_follow_champion)]) == 0
    assert "better" in capsys.readouterr().out
    assert by_alias(client, MODEL, CHAMPION) == (MODEL, "1")
    assert by_alias(client, MODEL, PREVIOUS) == (MODEL, "2")
    assert main(["promote", "--rollback"]) == 0
    assert by_alias(client, MODEL, CHAMPION) == (MODEL, "2")
    now, before = rollback(stage.tracking)
    assert (now.version, before.version) == ("1", "2")


def main_or_raise(stage: Stage, alias: str, cases: Path) -> None:
    from bonafit_training.evaluation import read_cases

    promote(stage.tracking, read_cases(cases), alias=alias)


def test_evaluation_is_a_run_too(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--bundle", f"models:/{MODEL}@challenger", "--cases", str(stage.cases)]) == 0
    table = capsys.readouterr().out
    assert "| cases | authenticity | all | bonafit | auc |" in table
    assert "(baseline)" in table


def test_a_uri_that_names_nothing_is_named(stage: Stage) -> None:
    with pytest.raises(BundleMissingError, match="no such alias"):
        Scorer.load(f"models:/{MODEL}@nobody")
    with pytest.raises(BundleMissingError, match="cannot be fetched"):
        Scorer.load(f"models:/{MODEL}/99")
    with pytest.raises(BundleMissingError, match="nothing installed resolves nowhere:/"):
        Scorer.load("nowhere:/x")
    with pytest.raises(InputError, match="expected models:/<name>@<alias>"):
        resolve("models:/a/b/c")


def test_the_model_holds_no_pickle_and_pins_what_it_needs(stage: Stage) -> None:
    models = list((stage.folder / "kept" / "artifacts").glob("models/*/artifacts"))
    assert len(models) == 2
    names = [p.name for p in models[0].rglob("*") if p.is_file()]
    assert not [n for n in names if n.endswith((".pkl", ".pickle", ".joblib"))]
    written = (models[0] / "requirements.txt").read_text().split()
    assert written == requirements()
    assert all("==" in line for line in written)
    assert not [line for line in written if line.startswith(("torch", "scikit", "bonafit"))]


def test_the_model_answers_as_the_scorer_does(stage: Stage) -> None:
    """In another process, from the copy of bonafit that the model carries."""
    creators = list(iter_creators(12, 3))
    request = stage.folder / "request.json"
    request.write_bytes(msgspec.json.encode([msgspec.to_builtins(c) for c in creators]))
    code = f"""
import json, sys, mlflow, pandas as pd
mlflow.set_tracking_uri("sqlite:///{stage.folder}/kept/mlflow.db")
model = mlflow.pyfunc.load_model("models:/{MODEL}/1")
answer = model.predict(pd.DataFrame(json.load(open({str(request)!r}))), params={PARAMS!r})
import bonafit
print(json.dumps([bonafit.__file__, "bonafit_training" in sys.modules, list(answer["result"])]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=stage.cwd)
    assert done.returncode == 0, done.stderr
    place, trained, lines = json.loads(done.stdout.splitlines()[-1])
    assert "/code/bonafit/" in place
    assert trained is False
    with Scorer.load(stage.bundles[0], threads=1) as scorer:
        assert [line.encode() for line in lines] == [msgspec.json.encode(r) for r in scorer.stream(creators, BRIEF)]


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[str]:
    """`mlflow models serve` on loopback, as docs/mlflow.md says."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["models", "serve", "-m", f"models:/{MODEL}/1", "--env-manager", "local", "-h", "127.0.0.1", "-p", port]
    # MLflow starts uvicorn by name, from the environment that is on the path.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "MLFLOW_TRACKING_URI": f"sqlite:///{stage.folder}/kept/mlflow.db"}
    log = (stage.folder / "server.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", *map(str, command)],
        cwd=stage.cwd,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _ready(address):
            still_starting = process.poll() is None and time.monotonic() < deadline
            assert still_starting, (stage.folder / "server.log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)
        log.close()


def _ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/ping", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def post(address: str, rows: list[dict[str, Any]], params: dict[str, str]) -> tuple[int, Any]:
    body = json.dumps({"dataframe_records": rows, "params": params}).encode()
    request = urllib.request.Request(f"{address}/invocations", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def as_json(creators: list[Creator]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(msgspec.json.encode(creators))
    return rows


def test_scores_over_http_are_the_scorers(stage: Stage, server: str) -> None:
    creators = list(iter_creators(6, 3))
    status, answer = post(server, as_json(creators), PARAMS)
    assert status == 200, answer
    with Scorer.load(stage.bundles[0], threads=1) as scorer:
        expected = [msgspec.json.encode(r).decode() for r in scorer.stream(creators, BRIEF)]
    assert [row["result"] for row in answer["predictions"]] == expected
    assert [row["creator_id"] for row in answer["predictions"]] == [c.creator_id for c in creators]


@pytest.mark.parametrize(
    ("change", "params", "message"),
    [
        ({"posts": [{"caption": "a"}, {"likes": -7}]}, PARAMS, "line 2, creator bad, posts[1].likes: found -7"),
        ({"followers": "many"}, PARAMS, "line 2, creator bad, followers: found 'many'"),
        ({"creator_id": ""}, PARAMS, "creator_id"),
        ({}, {}, "params.brief: is missing"),
        ({}, {"brief": '{"brand": "x"}'}, "description: is missing"),
        ({}, {"brief": "{"}, "params.brief: is not JSON"),
        ({}, {**PARAMS, "rejects": "x"}, "params.rejects: found 'x', expected refuse or return"),
        ({"posts": [{"colour": "red"}]}, PARAMS, "colour"),
    ],
)
def test_bad_input_is_400_with_the_path(
    server: str, change: dict[str, Any], params: dict[str, str], message: str
) -> None:
    rows = [{"creator_id": "good", "posts": []}, {"creator_id": "bad", "posts": [], **change}]
    status, answer = post(server, rows, params)
    assert status == 400
    assert message in answer["message"]


def test_bad_rows_can_come_back_beside_good_ones(server: str) -> None:
    rows = [{"creator_id": "bad", "posts": [{"likes": -7}]}, {"creator_id": "good", "posts": None}]
    status, answer = post(server, rows, {**PARAMS, "rejects": "return"})
    assert status == 200
    bad, good = answer["predictions"]
    assert json.loads(bad["reject"])["field"] == "posts[0].likes"
    assert (bad["result"], bad["score"], good["reject"]) == ("", None, "")
    assert json.loads(good["result"])["creator_id"] == "good"


def test_nothing_was_left_in_the_working_directory(stage: Stage) -> None:
    assert list(stage.cwd.iterdir()) == []
