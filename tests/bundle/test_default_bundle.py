"""The bundle that is used where none is named: of the checkout, of the environment, of an installed distribution."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest

from bonafit import Scorer
from bonafit.bundle import resolve
from bonafit.bundle.manifest import read_bundle, read_manifest
from bonafit.bundle.resolve import DEFAULT, VARIABLE, KnownBundle, default_bundle, known_bundles, located
from bonafit.cli import main
from bonafit.errors import BundleMissingError


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def published(repository: Path) -> Path:
    """The bundle that the Makefile names."""
    (named,) = re.findall(r"^BUNDLE \?= (\S+)$", (repository / "Makefile").read_text(), re.MULTILINE)
    return repository / named


def test_a_checkout_takes_the_bundle_that_the_makefile_names(repository: Path) -> None:
    assert default_bundle() == published(repository)
    assert known_bundles()[0].origin == "checkout"
    assert read_manifest().name == published(repository).name
    with Scorer.load(deferred=True) as scorer:
        assert scorer.bundle.path == str(published(repository))


def test_the_environment_names_another_default(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    assert default_bundle() == tmp_path / "mine"
    with pytest.raises(BundleMissingError, match=r"mine: no manifest\.json"):
        read_bundle()
    assert main(["bundle", "list"]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"* mine  {tmp_path / 'mine'}  ($BONAFIT_BUNDLE)")
    assert second.startswith(f"  {published(repository).name}  ")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[KnownBundle]]:
    """What an environment outside a checkout has installed; the test fills it."""
    known: list[KnownBundle] = []
    monkeypatch.setattr(resolve, "known_bundles", lambda: known)
    return known


def test_the_bundle_of_the_distribution_comes_before_others(installed: list[KnownBundle], tmp_path: Path) -> None:
    with pytest.raises(BundleMissingError, match=r"no bundle is installed .* pip install bonafit-bundle"):
        default_bundle()
    installed.append(KnownBundle("mine", tmp_path / "mine", "agency"))
    assert default_bundle() == tmp_path / "mine"
    installed.append(KnownBundle("other", tmp_path / "other", "elsewhere"))
    with pytest.raises(BundleMissingError, match=r"2 bundles are installed \(mine, other\) and none is the default"):
        default_bundle()
    installed.insert(0, KnownBundle("2026.8", tmp_path / "2026.8", DEFAULT))
    assert default_bundle() == tmp_path / "2026.8"


def test_an_installed_bundle_is_found_by_its_name_unless_a_folder_is_called_so(
    installed: list[KnownBundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.append(KnownBundle("mine", tmp_path / "installed" / "mine", "agency"))
    monkeypatch.chdir(tmp_path)
    assert located("mine") == tmp_path / "installed" / "mine"
    assert located("folder/mine") == Path("folder/mine")
    (tmp_path / "mine").mkdir()
    assert located("mine") == Path("mine")


@pytest.mark.slow
def test_the_two_wheels_score_outside_the_repository(repository: Path, tmp_path: Path) -> None:
    """Built and installed from a local folder, without network; what else scoring needs is lent by this environment."""
    bundle = published(repository)
    wheels = tmp_path / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    for source, variables in (
        (repository / "distributions" / "bonafit-bundle", {"BUNDLE": str(bundle)}),
        (repository, {"BONAFIT_REQUIRES": f"bonafit-bundle=={bundle.name}"}),
    ):
        build = [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source)]
        subprocess.run(build, check=True, env={**os.environ, **variables})
    (wheel,) = wheels.glob("bonafit-*.whl")
    assert f"bonafit-bundle=={bundle.name}" in requirements(wheel)
    for file in sorted(wheels.iterdir()):
        print(f"{file.name}: {file.stat().st_size:,} bytes")

    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    install = [*pip, "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--find-links", str(wheels), "bonafit", "bonafit-bundle"], check=True)
    site = next(home.glob("lib/*/site-packages"))
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (site / "lent.pth").write_text("\n".join(lent) + "\n")

    creators = tmp_path / "creators.jsonl"
    creators.write_text('{"creator_id": "a", "bio": "skincare", "posts": [{"caption": "my sunscreen routine"}]}\n')
    (tmp_path / "brief.toml").write_text('brand = "B"\ndescription = "Gentle skincare for sensitive skin."\n')
    outside = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "BONAFIT_ENCODERS")}

    def said(*command: str) -> str:
        done = subprocess.run(
            [str(home / "bin" / command[0]), *command[1:]],
            capture_output=True, text=True, check=False, cwd=tmp_path, env=outside,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert said("python", "-c", "import bonafit; print(bonafit.__file__)").startswith(str(site))
    assert said("bonafit", "bundle", "list").startswith(f"* {bundle.name}  {site}")
    assert "good; " in said("bonafit", "bundle", "verify")
    line = said("bonafit", "score", "creators.jsonl", "--brief", "brief.toml", "--no-cache", "--out", "-")
    assert f'"bundle_digest":"{read_bundle(bundle).digest}"' in line
    code = (
        "from bonafit import Brief, Creator, Post, Scorer\n"
        "scorer = Scorer.load(budget_ms=5_000)\n"
        "creator = Creator(creator_id='a', bio='skincare', posts=(Post(caption='my sunscreen routine'),))\n"
        "print(scorer.score([creator], Brief(brand='B', description='Gentle skincare.'))[0].niche_fit.status)\n"
    )
    assert said("python", "-c", code) == "ok\n"


def requirements(wheel: Path) -> list[str]:
    """What a wheel requires without extras."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = HeaderParser().parsestr(archive.read(name).decode())
    return [field for field in fields.get_all("Requires-Dist", []) if "extra ==" not in field]


class Entry:
    """An entry point of an installed distribution."""

    def __init__(self, name: str, value: object) -> None:
        self.name, self._value = name, value

    def load(self) -> object:
        return self._value


def test_distributions_and_schemes_are_asked_and_unknown_ones_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    groups = {
        resolve.BUNDLES: [Entry("another", lambda: tmp_path / "2"), Entry(resolve.DEFAULT, lambda: tmp_path / "1")],
        resolve.RESOLVERS: [Entry("mine", lambda uri: tmp_path / uri.rpartition("/")[2])],
    }
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: groups[group])
    monkeypatch.setattr(resolve, "_of_checkout", lambda: None)
    assert [(known.origin, known.folder.name) for known in known_bundles()] == [
        (resolve.DEFAULT, "1"),
        ("another", "2"),
    ]
    assert default_bundle() == tmp_path / "1"
    assert resolve.located("mine:/champion") == tmp_path / "champion"
    with pytest.raises(BundleMissingError, match=r"nothing installed resolves yours:/ \(known: mine\)"):
        resolve.located("yours:/champion")
    groups[resolve.BUNDLES] = []
    with pytest.raises(BundleMissingError, match="no bundle is installed and none is named"):
        default_bundle()


def test_outside_a_checkout_there_is_no_bundle_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resolve, "__file__", str(tmp_path / "a" / "b" / "c" / "resolve.py"))
    assert resolve._of_checkout() is None
    (tmp_path / "models").mkdir()
    (tmp_path / "Makefile").write_text("all:\n")
    assert resolve._of_checkout() is None
    (tmp_path / "Makefile").write_text("BUNDLE ?= models/7\n")
    assert resolve._of_checkout() == tmp_path / "models" / "7"
