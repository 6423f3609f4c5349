"""A training compared with a published bundle, and capacity worked out from rates."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from benchmarks.capacity import report

from bonafit.bundle.manifest import Bundle, read_bundle
from bonafit_training.contracts import Row
from bonafit_training.publishing.reproduce import differences, main
from tests.rehearsal import published


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read_bundle(published())


def test_a_bundle_reproduces_itself(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    assert differences(bundle, bundle) == []
    assert main([bundle.path, bundle.path]) == 0
    assert "0 differences beyond 0.005, the same tables" in capsys.readouterr().out


def test_every_difference_is_named(bundle: Bundle) -> None:
    row = Row(suite="s", dataset="d", split="p", slice="all", method="bonafit", metric="auc", value=0.9, n=10)

    def with_rows(*rows: Row, seed: int = 7) -> Bundle:
        manifest = msgspec.structs.replace(
            bundle.manifest, metrics=tuple(msgspec.to_builtins(r) for r in rows), seed=seed
        )
        return msgspec.structs.replace(bundle, manifest=manifest)

    near, far = msgspec.structs.replace(row, value=0.904), msgspec.structs.replace(row, value=0.89)
    other = msgspec.structs.replace(row, metric="f1")
    nan = msgspec.structs.replace(row, value=float("nan"))
    assert differences(with_rows(row), with_rows(near)) == []
    assert differences(with_rows(row), with_rows(far)) == ["s/d/p/all/bonafit/auc: 0.9000 published, 0.8900 trained"]
    assert len(differences(with_rows(row), with_rows(nan))) == 1
    assert len(differences(with_rows(row), with_rows(other))) == 2
    assert differences(with_rows(row), with_rows(row, seed=8)) == ["seed: trained with 8, published with 7"]


def test_a_bundle_that_is_not_there_is_named(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([bundle.path, str(tmp_path)]) == 1
    assert "no manifest.json" in capsys.readouterr().err


def test_capacity_follows_from_the_rates() -> None:
    def row(split: str, method: str, metric: str, value: float) -> Row:
        return Row(
            suite="platforms", dataset="generated", split=split, slice="all", method=method, metric=metric,
            value=value, n=1,
        )  # fmt: skip

    rows = [row("rates", "full", "rows_per_core_second", 10.0), row("storage", "index", "bytes_per_creator", 2_000.0)]
    table = report(rows, creators=3_600_000, price=0.1, cores=[10])
    assert "| full | 10.0 | 100 | 10 | 10.0 |" in table
    assert "| index | 2,000 | 0.01 TB |" in table
