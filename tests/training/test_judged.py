"""What the judge found stands first in a bundle's card; a signed bundle is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bonafit.bundle.manifest import SIGNATURE, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.errors import InputError
from bonafit.report.bundle_page import bundle_page
from bonafit_training.publishing.judged import put_judgement, put_left_out

pytestmark = pytest.mark.slow


@pytest.fixture
def bundle(repository: Path, tmp_path: Path) -> Path:
    source = newest_bundle(repository / "models")
    shutil.copytree(repository / "models" / "encoders", tmp_path / "encoders")
    return Path(shutil.copytree(source, tmp_path / source.name))


def test_the_judgement_stands_first_and_replaces_an_earlier_one(bundle: Path) -> None:
    before = read_bundle(bundle)
    others = (bundle / "CARD.md").read_text(encoding="utf-8").split("## Judgement")[0].count("## Data")
    put_judgement(bundle, "first run")
    put_judgement(bundle, "| rule | holds |")
    card = (bundle / "CARD.md").read_text(encoding="utf-8")
    assert card.count("## Judgement") == 1
    assert "first run" not in card
    assert card.index("| rule | holds |") < card.index("## Data")
    assert card.count("## Data") == 1 >= others
    after = read_bundle(bundle)
    assert after.digest != before.digest
    assert after.manifest.heads == before.manifest.heads


def test_what_every_set_left_out_gives_stands_after_the_judgement_on_card_and_page(bundle: Path) -> None:
    put_left_out(bundle, "| set | R2 |\n|---|---|\n| a set | 0.53 |")
    put_judgement(bundle, "the judgement")
    put_left_out(bundle, "| set | R2 |\n|---|---|\n| a set | 0.54 |")
    card = (bundle / "CARD.md").read_text(encoding="utf-8")
    assert card.count("## Every set left out") == 1
    assert "0.53 |" not in card.split("## Every set left out")[1].split("## ")[0]
    headings = [line for line in card.splitlines() if line.startswith("## ")]
    assert headings[:2] == ["## Judgement", "## Every set left out"]
    page = bundle_page(read_bundle(bundle)).decode()
    assert page.index("the judgement") < page.index("<td>0.54</td>") < page.index('id="reliability"')
    assert "decisions 012 and 013 hold their tables" not in page


def test_a_signed_bundle_is_never_changed(bundle: Path) -> None:
    (bundle / SIGNATURE).write_bytes(b"x")
    with pytest.raises(InputError, match="is signed; a published bundle is never changed"):
        put_judgement(bundle, "text")
