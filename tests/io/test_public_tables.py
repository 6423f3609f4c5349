"""Tables as they are put online: names beside handles, counts twice, rates under short names."""

from __future__ import annotations

from typing import Any

import pytest

from bonafit.cli.inspect import to_fix
from bonafit.errors import InputError
from tests.io.reading import Read

WHO = ("handle", "display_name", "followers")


@pytest.mark.parametrize("name", ["channel_info", "Celebrity", "Profile Details", "Top star"])
def test_a_column_that_names_somebody_in_other_words(put: Any, name: str) -> None:
    rows = "".join(f"{i},mara{word},{i}.5m,1.{i}9%\n" for i, word in enumerate("abcdefgh", start=1))
    read = Read(put("a.csv", f"rank,{name},followers,60d_eng_rate\n{rows}"))
    assert read.values("handle", "followers")[0] == ("maraa", 1_500_000)
    assert read.creators[0].extra["vendor_facts"][0]["value"] == pytest.approx(0.0119)
    assert not [fix for fix in to_fix(read.report) if "rank" not in fix]


def test_of_two_columns_of_names_the_one_of_handles(put: Any) -> None:
    table = "name,instagram name,followers,followers\nmara.rye,Mara Rye,1.2M,1234567\nole_b,Ole B,12.5K,12480\nida,Ida,980,980\n"
    read = Read(put("a.csv", table))
    assert read.values(*WHO) == [
        ("mara.rye", "Mara Rye", 1_234_567), ("ole_b", "Ole B", 12_480), ("ida", "Ida", 980)
    ]  # fmt: skip
    assert read.report.source["columns twice"] == "followers"
    turned = Read(put("b.csv", "instagram name,influencer name,followers\nmara.rye,Mara Rye,12\nole_b,Ole B,13\n"))
    assert turned.values("handle", "display_name") == [("mara.rye", "Mara Rye"), ("ole_b", "Ole B")]


def test_columns_twice_that_differ_are_refused(put: Any) -> None:
    for pair in ("8400,9100", "8.4K,9.1K", "many,8400"):
        with pytest.raises(InputError, match="more than once and differ"):
            Read(put("a.csv", f"handle,followers,followers\nmara,{pair}\nole,12,12\n"))
    equal = Read(put("b.csv", "handle,bio,bio,followers\nmara,Rye,Rye,8400\n"))
    assert equal.values("bio", "followers") == [("Rye", 8_400)]


def test_marks_of_means_are_no_paths(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,likes(avg.),views (avg.),comments(avg.)\nmara,8400,12,13,14\n"))
    assert read.values("handle", "followers") == [("mara", 8_400)]
    assert set(read.report.unknown) == {"likes(avg.)", "views (avg.)", "comments(avg.)"}


def test_names_that_public_tables_use(put: Any) -> None:
    table = "Nick,Name,Number.of.people.they.follow,followers,country,Links\n"
    read = Read(put("a.csv", f"{table}mara,Mara Rye,12,8400,CÃ´te d'Ivoire,https://youtube.com/channel/UCx\n"))
    names = ("handle", "display_name", "following", "country", "platform")
    assert read.values(*names) == [("mara", "Mara Rye", 12, "ci", "youtube")]
    assert Read(put("b.csv", "handle,followers,region\nmara,8,XK\n")).values("country") == ["xk"]
