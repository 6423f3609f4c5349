"""An index as Parquet: every live creator, vectors of fixed size, as the index holds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit.cli import main
from bonafit.heads.niche_fit.summary import SUMMARY
from bonafit.index import CreatorIndex
from bonafit.index import export as exporting
from bonafit.index.store import open_view
from tests.end_to_end.test_service_habits import indexed_scorer
from tests.tiny import creators


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "creators.index"
    with indexed_scorer() as scorer:
        CreatorIndex.build(path, scorer, creators(9), threads=1).close()
    return path


def test_every_live_creator_is_written_with_its_vectors(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(exporting, "GROUP", 4)
    out = tmp_path / "out.parquet"
    assert main(["index", "remove", str(index), "c003"]) == 0
    assert main(["index", "export", str(index), str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"8 in {out}"
    table = pq.read_table(out)
    view = open_view(index)
    rows = list(view.rows())
    assert table["creator_id"].to_pylist() == [row.creator_id for row in rows]
    assert "c003" not in table["creator_id"].to_pylist()
    assert table["followers"].to_pylist() == [row.followers for row in rows]
    for i, name in enumerate(SUMMARY):
        assert table.schema.field(name).type == pa.list_(pa.float32(), view.manifest.width)
        for found, row in zip(table[name].to_pylist(), rows, strict=True):
            if found is None:
                assert not row.vectors[i].any()
            else:
                assert np.array_equal(np.array(found, np.float32), row.vectors[i])
    assert table.schema.metadata[b"bonafit.encoder"].decode() == view.manifest.encoder
    assert pq.ParquetFile(out).num_row_groups == 2


def test_what_is_no_parquet_file_is_refused(index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["index", "export", str(index), str(tmp_path / "out.csv")]) == 1
    assert "expected the name of a Parquet file" in capsys.readouterr().err
    assert main(["index", "export", str(tmp_path / "none"), str(tmp_path / "out.parquet")]) == 1
    assert list(tmp_path.glob("*out*")) == []
