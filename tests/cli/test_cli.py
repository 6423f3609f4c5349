"""The command line as a person meets it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bonafit.bundle.resolve import newest_bundle
from bonafit.cli import main

PLANTED = "{not json}\n"


@pytest.fixture(scope="module")
def bundle(repository: Path) -> str:
    return str(newest_bundle(repository / "models"))


@pytest.fixture(scope="module")
def brief(repository: Path) -> str:
    return str(repository / "examples" / "brief.toml")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("vectors"))


@pytest.fixture
def few(repository: Path, tmp_path: Path) -> Path:
    lines = (repository / "examples" / "creators.jsonl").read_text().splitlines(keepends=True)
    path = tmp_path / "few.jsonl"
    # The sixth is a private account: without posts it cannot be judged.
    path.write_text("".join([*lines[:5], *(line for line in lines if '"invented-0017"' in line)]))
    return path


def test_score_writes_all_and_prints_a_ranked_table(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = few.with_suffix(".out.jsonl")
    code = main(["score", str(few), "--brief", brief, "--bundle", bundle, "--cache", cache, "--out", str(out)])
    shown = capsys.readouterr()
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert code == 0
    assert len(results) == 6
    assert "6 rows in = 6 scored + 0 rejected" in shown.err
    table = [line.split() for line in shown.out.splitlines() if line[:4].strip().isdigit()]
    best = sorted((r for r in results if r["score"] is not None), key=lambda r: (-r["score"], r["creator_id"]))
    assert [row[1] for row in table] == [r["profile"]["handle"] for r in best]
    apart = [r for r in results if r["score"] is None]
    assert apart
    assert f"{len(apart)} cannot be judged, what is missing:" in shown.out
    told = " ".join(shown.out.split("what is missing:")[1].split())
    assert all(r["profile"]["handle"] in told and r["verdict_reasons"][0] in told for r in apart)


def test_rejects_are_counted_written_and_exit_3(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    few.write_text(few.read_text() + PLANTED + few.read_text().splitlines(keepends=True)[0])
    out = few.with_suffix(".out.jsonl")
    code = main(["score", str(few), "--brief", brief, "--bundle", bundle, "--cache", cache, "--out", str(out)])
    assert code == 3
    rejects = [json.loads(line) for line in Path(f"{out}.rejects.jsonl").read_text().splitlines()]
    assert [r["line"] for r in rejects] == [7, 8]
    assert "8 rows in = 6 scored + 2 rejected" in capsys.readouterr().err


@pytest.mark.slow
def test_languages_outside_the_encoder_are_told(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bios = [
        "ބައެއް މީހުން ދިވެހިރާއްޖޭގައި އުޅޭ",
        "Хӯроки тоҷикӣ барои оила дар хона мепазем",
        "baking for my life, und sonst alles, was schmeckt",
    ]
    rows = [{"creator_id": f"c{i}", "bio": bio} for i, bio in enumerate([bios[0], *bios])]
    few.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for top in ("3", "0"):
        out = few.with_suffix(f".{top}.jsonl")
        arguments = ["--brief", brief, "--bundle", bundle, "--cache", cache, "--out", str(out), "--top", top]
        assert main(["score", str(few), *arguments]) == 0
        assert (
            "Fit of 3 creators was not judged, since their languages are not read. Divehi 2, Tajik 1"
            in capsys.readouterr().err
        )


def test_a_file_without_comment_counts_is_told_once_and_ranked_for_review_without_engagement(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [json.loads(line) for line in few.read_text().splitlines()[:5]]
    for row in rows:
        row["posts"] = [{k: v for k, v in post.items() if k != "comments"} for post in row["posts"]]
    few.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["score", str(few), "--brief", brief, "--bundle", bundle, "--cache", cache]
    out = few.with_suffix(".out.jsonl")
    assert main([*arguments, "--out", str(out)]) == 0
    assert capsys.readouterr().out.count("--without engagement_quality") == 1
    assert {json.loads(line)["score"] for line in out.read_text().splitlines()} == {None}
    assert main([*arguments, "--out", str(out), "--without", "engagement_quality"]) == 0
    assert "--without" not in capsys.readouterr().out
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert all(r["score"] is not None and r["verdict"] in ("review", "pass") for r in results)


def test_a_day_of_reading_is_asked_for_once_and_given_in_one_step(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    undated = few.with_name("brief.toml")
    undated.write_text(
        "".join(line for line in Path(brief).read_text().splitlines(keepends=True) if not line.startswith("as_of"))
    )
    rows = [json.loads(line) for line in few.read_text().splitlines()[:5]]
    for row in rows:
        row.pop("follower_history", None)
        row["posts"] = [{k: v for k, v in post.items() if k != "counted_at"} for post in row["posts"]]
    few.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ["score", str(few), "--brief", str(undated), "--bundle", bundle, "--cache", cache]
    out = few.with_suffix(".out.jsonl")
    assert main([*arguments, "--out", str(out)]) == 0
    assert capsys.readouterr().out.count("--read-at") == 2
    assert "shortlist" not in {json.loads(line)["verdict"] for line in out.read_text().splitlines()}
    assert main([*arguments, "--out", str(out), "--read-at", "2026-03-31"]) == 0
    assert "--read-at" not in capsys.readouterr().out
    assert not any("freshness_unknown" in json.loads(line)["flags"] for line in out.read_text().splitlines())


@pytest.mark.slow
def test_stdout_is_data(few: Path, brief: str, bundle: str, cache: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bonafit", "score", "-", "--brief", brief, "--bundle", bundle, "--cache", cache],
        input=few.read_bytes(),
        capture_output=True,
        check=True,
        cwd=few.parent,
    )
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 6


def test_explain_shows_every_part(
    few: Path, brief: str, bundle: str, cache: str, capsys: pytest.CaptureFixture[str]
) -> None:
    creator = json.loads(few.read_text().splitlines()[0])["creator_id"]
    common = [creator, str(few), "--brief", brief, "--bundle", bundle, "--cache", cache]
    assert main(["explain", *common]) == 0
    text = capsys.readouterr().out
    for word in (creator, "Fit is", "Authenticity is", "Engagement is", "which raises", "Not looked at", "bundle"):
        assert word in text
    assert "fraud" not in text.casefold()
    assert main(["explain", *common, "--full"]) == 0
    full = capsys.readouterr().out
    assert full.startswith(text.rstrip())
    for word in ("niche_fit", "authenticity", "engagement_quality", "= value"):
        assert word in full
    assert main(["explain", *common, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["creator_id"] == creator


def test_explain_of_nobody_says_so(few: Path, brief: str, bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "nobody", str(few), "--brief", brief, "--bundle", bundle]) == 1
    assert "no row has this id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--bundle", "/nowhere"), r"no manifest.json; expected a bundle's folder"),
        (("--brief", "/nowhere.toml"), "/nowhere.toml"),
    ],
)
def test_what_is_absent_is_one_clear_line(
    few: Path, brief: str, bundle: str, change: tuple[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"--brief": brief, "--bundle": bundle, change[0]: change[1]}
    code = main(["score", str(few), "--no-cache", *(part for item in options.items() for part in item)])
    err = capsys.readouterr().err
    assert code == 1
    assert err.startswith("bonafit: ")
    assert err.count("\n") == 1
    assert message in err


def test_wrong_usage_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["score"])
    assert "--brief" in capsys.readouterr().err


@pytest.mark.slow
def test_ledger_stamps_every_rate_and_compares_a_vendor_s_with_its_own_definition(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    creators = str(repository / "examples" / "creators.jsonl")
    of = ["--interactions", "likes", "--denominator", "followers", "--statistic", "median", "--window", "days_60"]
    assert main(["ledger", creators, *of]) == 0
    own = {line["creator_id"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {line["definition"] for line in own.values()} == {"median of likes by followers, days_60"}
    assert all(line["n"] > 0 and 0 <= line["hidden_share"] < 1 and line["source"] == "posts" for line in own.values())
    for figure, unit in (("2.5", "percent"), ("0.025", "fraction")):
        assert main(["ledger", creators, "--figure", figure, "--unit", unit, "--vendor", "one", *of]) == 0
        beside = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert {line["source"] for line in beside} == {"one"}
        for line in beside:
            assert line["value"] == pytest.approx(0.025)
            if line["own_value"]:
                assert line["own_value"] == own[line["creator_id"]]["value"]
                assert line["ratio_to_own"] == pytest.approx(0.025 / line["own_value"])
    assert main(["ledger", creators, "--figure", "2.5", *of]) == 1
    assert "without --unit" in capsys.readouterr().err


def test_tiers_shows_disagreement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tiers", "--followers", "9800"]) == 0
    out = capsys.readouterr().out
    assert "the schemes disagree" in out
    assert "flips at +2.0% followers" in out
    assert main(["tiers", "--followers", "9800", "--custom", "5000", "9000"]) == 0
    assert "custom         above  from 9,001           not micro; flips at -8.2% followers" in capsys.readouterr().out
    assert main(["tiers", "--followers", "9800", "--custom", "9000", "5000"]) == 1
    assert "LOW <= HIGH" in capsys.readouterr().err
    assert main(["tiers"]) == 1
    assert "exactly one" in capsys.readouterr().err


@pytest.mark.slow
def test_bundle_show_and_verify(bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "verify", "--bundle", bundle]) == 0
    assert ": good;" in capsys.readouterr().out
    assert main(["bundle", "show", "--bundle", bundle]) == 0
    out = capsys.readouterr().out
    for word in ("niche_fit:", "licence", "figures:", "purba_2020_accounts"):
        assert word in out


def test_the_listing_of_verbs_says_what_their_commands_say() -> None:
    from bonafit.cli import VERBS

    assert all((verb.load().name, verb.load().help) == (verb.name, verb.help) for verb in VERBS.values())


def test_ledger_knows_what_a_vendor_states_for_each_platform(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = repository / "examples" / "agency"
    files = ["ledger", str(agency / "creators.xlsx"), "--posts", str(agency / "posts.csv")]
    assert main([*files, "--figure", "2.5", "--unit", "percent", "--vendor", "Modash"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["definition"] for row in rows} == {
        "median of likes by followers, days_60",
        "pooled of likes by views, days_60",
    }
    assert any(row["ratio_to_own"] for row in rows)
    assert main([*files, "--figure", "2.5", "--unit", "percent", "--vendor", "stellar"]) == 0
    assert "states no rate" in capsys.readouterr().err
    assert main([*files, "--figure", "2.5", "--unit", "percent"]) == 1
    assert "--statistic" in capsys.readouterr().err


def test_help_loads_nothing_that_scores() -> None:
    script = (
        "import sys; sys.argv = ['bonafit', '--help']\n"
        "from bonafit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'msgspec', 'pyarrow', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.endswith("[]\n")
    assert "score creators for a brief" in done.stdout


def test_a_verb_that_does_not_exist_is_told_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["scroe"])
    assert "invalid choice: 'scroe'" in capsys.readouterr().err


def test_the_reference_in_docs_is_current(repository: Path) -> None:
    from bonafit.cli.reference import reference

    assert (repository / "docs" / "cli.md").read_text() == reference(), "run `make docs`"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_sentence(few: Path) -> None:
    command = [sys.executable, "-m", "bonafit", "ledger", str(few)]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["bonafit: No space left on device; nothing was put in its place"]


@pytest.mark.parametrize("verb", [("bundle", "list"), ("convert", "{few}", "-o", "-")], ids=" ".join)
def test_a_closed_standard_output_is_one_sentence(verb: tuple[str, ...], few: Path) -> None:
    words = [word.format(few=few) for word in verb]
    command = f"exec {shlex.join([sys.executable, '-m', 'bonafit', *words])} >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, check=False, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["bonafit: Bad file descriptor; nothing was put in its place"]
