"""Training configuration and own files: what is wrong is named before anything trains."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from bonafit.bundle.manifest import read_bundle
from bonafit.errors import InputError
from bonafit_training.data.own import OwnFiles, read_own
from bonafit_training.pipeline.train import check_licences, read_config, train
from tests.rehearsal import quick_config
from tests.tiny import BRIEF, HashEncoder, creators


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_the_published_configuration_reads(repository: Path) -> None:
    config = read_config(repository / "training" / "published.toml")
    assert (repository / config.encoder / "encoder.json").is_file()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("name = ", "see training/published.toml"),
        ("name = 'x'", "missing required field `encoder`"),
        ("name = 'x'\nencoder = 'e'\nseeds = 1", "unknown field `seeds`"),
        ("name = 'x'\nencoder = 'e'\n[options.nich_fit]\n", "options for nich_fit; expected heads among niche_fit"),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_config(written(tmp_path / "c.toml", text))


def test_absent_things_are_named_before_training(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; expected a training configuration"):
        read_config(tmp_path / "none.toml")
    config = read_config(written(tmp_path / "c.toml", "name = 'x'\nencoder = 'e'\ndata = '/nowhere'\n"))
    with pytest.raises(InputError, match="expected the public sets"):
        train(config)
    (tmp_path / "models" / "x").mkdir(parents=True)
    taken = msgspec.structs.replace(config, data=str(tmp_path), out=str(tmp_path / "models"))
    with pytest.raises(InputError, match="never changed, use --name"):
        train(taken)


@pytest.fixture
def own(tmp_path: Path) -> OwnFiles:
    (tmp_path / "briefs").mkdir()
    (tmp_path / "briefs" / "skin.json").write_bytes(msgspec.json.encode(BRIEF))
    rows = [msgspec.to_builtins(c) for c in creators(4)]
    for row in rows:
        row.pop("extra")
    written(tmp_path / "creators.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    written(tmp_path / "pairs.csv", f"brand,creator_id\n{BRIEF.brand},c000\n")
    written(tmp_path / "labels.csv", "creator_id,genuine\nc000,1\nc001,0\n")
    return OwnFiles(
        creators=str(tmp_path / "creators.jsonl"),
        briefs=str(tmp_path / "briefs"),
        pairs=str(tmp_path / "pairs.csv"),
        labels=str(tmp_path / "labels.csv"),
    )


def test_own_files_read(own: OwnFiles) -> None:
    data = read_own(own)
    assert [c.creator_id for c in data.creators] == ["c000", "c001", "c002", "c003"]
    assert data.pairs == ((BRIEF.brand, "c000"),)
    assert data.genuine == {"c000": True, "c001": False}
    assert data.reference.rows == 4


@pytest.mark.parametrize(
    ("file", "text", "match"),
    [
        ("creators.jsonl", "{}\n", "1 rows cannot be read, first at line 1"),
        ("pairs.csv", "brand,creator_id\nNobody,c000\n", r"line 2: pair \(Nobody, c000\) names an unknown brand"),
        ("pairs.csv", "brand\nx\n", "no column creator_id"),
        ("labels.csv", "creator_id,genuine\nc000,yes\n", r"line 2: \(c000, yes\); expected"),
    ],
)
def test_what_is_wrong_in_own_files_is_named(own: OwnFiles, tmp_path: Path, file: str, text: str, match: str) -> None:
    written(tmp_path / file, text)
    with pytest.raises(InputError, match=match):
        read_own(own)


def test_own_labels_become_rows_of_the_account_model(own: OwnFiles, tmp_path: Path) -> None:
    from bonafit_training.contracts import Context
    from bonafit_training.heads.authenticity.fit import own_accounts

    context = Context(data=tmp_path, seed=1, encoder=HashEncoder(), own=read_own(own))
    rows, fake = own_accounts(context)
    assert fake.tolist() == [0, 1]
    assert all(row.get("followers") is not None for row in rows)
    assert own_accounts(Context(data=tmp_path, seed=1, encoder=HashEncoder()))[0] == []


def test_sets_without_a_stated_licence_are_shut_out_by_one_line(tmp_path: Path) -> None:
    check_licences("safety", ("davidson_2017", "own"))
    with pytest.raises(InputError, match="niche_fit: learns from gan_2019, whose licence is unstated"):
        check_licences("niche_fit", ("gan_2019", "youtube_2025"))
    config = msgspec.structs.replace(quick_config(tmp_path, "stated"), unstated_licences=False)
    # heads that a bundle brings along are asked, too, before anything is fitted
    with pytest.raises(InputError, match="whose licence is unstated, and unstated_licences is false"):
        train(config, heads=["safety"], base=read_bundle())
    assert not (tmp_path / "models" / "stated").exists()
