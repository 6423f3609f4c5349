"""The printed table and the screen of one creator: whole sentences within the terminal, colours only where wanted."""

from __future__ import annotations

import io
import re

import pytest

from bonafit.cli.explained import explanation, in_full
from bonafit.cli.render import apart_table, counts_line, score_table
from bonafit.cli.terminal import cells, columns, fitted, wants_colour, wrapped
from bonafit.results import Profile
from tests.sample_results import APART, RANKED

ESCAPE = re.compile(r"\x1b\[\d+m")


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal_and_no_sentence_is_cut(width: int) -> None:
    table = score_table(RANKED, width=width) + apart_table(APART, {"not_judgeable": 1}, width=width)
    lines = table.splitlines()
    heads = [line for line in lines if line[:3].strip().isdigit() or line.startswith(("  #", "---"))]
    assert max(cells(line) for line in lines if line not in heads) <= width
    assert max(cells(line) for line in heads) <= max(width, 84)
    told = " ".join(table.split())
    for sentence in (
        "9 of 13 posts are on the brief's subject, where 7% is usual, which raises fit a lot.",
        "Two comments are alike in 30% of pairs; up to 9% is usual, which lowers authenticity.",
        "The same few people comment under most posts.",
        "The score is 0.20; below 0.30 creators are passed over.",
        "1 cannot be judged, what is missing: private (fit 0.90, authenticity 0.70): The account is private",
    ):
        assert sentence in told


def test_a_row_shows_who_what_and_for_how_much() -> None:
    header, _, first, *_ = score_table(RANKED[:1], width=140).splitlines()
    assert header == "  #  creator  followers  verdict    score  likely        fit   authenticity    price"
    assert first == "  1  greta        8,200  shortlist  0.90   0.85 - 0.95   0.90  0.70          450 EUR"
    narrow = score_table(RANKED[:1], width=80).splitlines()
    assert narrow[3].strip() == "fit 0.90, authenticity 0.70, price 450 EUR"


def test_who_has_no_score_is_in_no_row() -> None:
    assert "private" not in score_table([*RANKED, *APART], width=100)
    assert apart_table([], {}) == score_table(APART) == ""
    assert counts_line({"shortlist": 2, "not_judgeable": 1}) == "3 creators: 2 worth contacting, 1 cannot be judged"
    assert apart_table(APART, {"not_judgeable": 5}, width=80).endswith("and 4 more")


def test_colours_change_nothing_but_colours() -> None:
    plain, coloured = (score_table(RANKED, width=100, colour=colour) for colour in (False, True))
    assert not ESCAPE.search(plain)
    assert ESCAPE.search(coloured)
    assert ESCAPE.sub("", coloured) == plain
    plain, coloured = (explanation(RANKED[1], width=80, colour=colour) for colour in (False, True))
    assert ESCAPE.sub("", coloured) == plain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())


def test_one_creator_is_one_screen_and_in_full_every_term() -> None:
    screen = explanation(RANKED[1], width=80)
    assert len(screen.splitlines()) <= 36
    assert max(map(cells, screen.splitlines())) <= 80
    told = " ".join(screen.split())
    for words in (
        "Worth a closer look first. The score is 0.80, most likely between 0.75 and 0.85.",
        "Fit is 0.90, most likely between 0.80 and 1.00. A change here moves the score most.", "Look before booking",
        "2026-03-01 “my mineral sunscreen", "Parts of the brief that no post comes near: ceramides",
        "Promoted before: 25% of 12 posts that were read are ads. =kettlebird.",
        "A sample of followers is missing.", "There is no answer about engagement.",
    ):  # fmt: skip
        assert words in told
    assert "https://www.instagram.com/greta/" in explanation(RANKED[0], width=80)
    assert "\x1b" not in screen
    full = in_full(RANKED[1], width=80)
    assert full.startswith(screen)
    for component in RANKED[1].components:
        assert all(reason.text in full for reason in component.reasons)


def test_the_unjudged_are_told_what_is_missing_and_why() -> None:
    screen = explanation(APART[0], width=80)
    assert "Cannot be judged yet." in screen
    assert "! The account is private and shows no posts." in screen
    assert "The score" not in screen


def test_a_stranger_s_name_fits_its_column() -> None:
    assert fitted("abc", 5) == "abc  "
    assert fitted("abcdef", 5) == "abcd…"
    assert cells(fitted("名前名前", 5)) == 5
    assert "\x1b" not in fitted("\x1b[31mred", 20)
    assert wrapped("one two three", 9, indent="  ", mark="+ ") == ["  + one", "    two", "    three"]
    assert columns(20) == 60


def test_a_profile_s_address_is_the_platform_s_own_form() -> None:
    assert Profile(handle="@greta", platform="tiktok").link == "https://www.tiktok.com/@greta"
    assert Profile(handle="UC" + "a" * 22, platform="youtube").link == "https://www.youtube.com/channel/UC" + "a" * 22
    assert Profile(handle="x y", platform="tiktok").link is None
    assert Profile(handle="greta", platform="orkut").link is None
    assert Profile(handle="javascript:alert(1)", platform="instagram").link is None
