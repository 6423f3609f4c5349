"""Public scrapes and regional exports: columns as sites name them, encodings of old systems, sections of sheets."""

from __future__ import annotations

from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.encodings import encoding_of
from tests.io.test_cases import Read

WHO = ("platform", "handle", "display_name", "followers")


def test_a_column_of_handles_beside_one_of_names(put: Any) -> None:
    header = '"Influencer insta name","instagram name","category_1","Followers","Engagement avg\r\n"\n'
    read = Read(
        put("a.csv", f'{header}"433","433","Sports","48.5M","637K"\n"__ybae__","TAE YANG","","12.7M","542.3K"\n')
    )
    assert read.values(*WHO) == [
        ("instagram", "433", "433", 48_500_000), ("instagram", "__ybae__", "TAE YANG", 12_700_000)
    ]  # fmt: skip
    # counts of reactions are no rate of them
    assert "vendor_facts" not in read.creators[0].extra
    assert any("counts of reactions" in line for line in read.report.assumed)
    rows = "S.no,Tiktoker name,Tiktok name,Subscribers count\n1,khaby.x,Khaby X,146.1M\n2,ole,Ole B,13.2M\n"
    assert Read(put("b.csv", rows)).values(*WHO)[1] == ("tiktok", "ole", "Ole B", 13_200_000)


def test_a_type_of_channel_that_is_no_platform(put: Any) -> None:
    rows = "Youtuber,subscribers,category,channel_type\nT-Serie,245000000,Music,Music\nGaming One,170000,Film,Games\n"
    read = Read(put("a.csv", rows))
    assert read.values("platform") == ["youtube", "youtube"]
    assert read.creators[0].extra["channel_type"] == "Music"
    said = Read(put("b.csv", "handle,followers,channel_type\nmara,8400,IG\nole,900,blog\n"))
    assert said.values("platform") == ["instagram", "blog"]


def test_a_handle_with_spaces_is_a_name(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers\nOle B,9100\nmara,8\n"))
    assert read.values("creator_id", "handle", "display_name") == [("Ole B", None, "Ole B"), ("mara", "mara", None)]


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("Müller bäckt für euch, Größe Öl, Straße", "cp1252 mac_roman cp850"),
        ("Café à Paris, crème brûlée; Noël", "cp1252 mac_roman cp850"),
        ("Jardín niños; mañana; corazón", "cp1252 mac_roman cp850"),
        ("São Paulo, coração, irmã", "cp1252 mac_roman cp850"),
        ("I don’t know… mum—of—two “yes”", "cp1252"),
        ("İstanbul'da güzellik ve sağlık", "cp1254"),
        ("Łukasz z Gdańska, źródło, żółć", "cp1250"),
        ("Пекарня Марии, хлеб и соль", "cp1251"),
        ("毎日のスキンケアと日焼け止め", "shift_jis"),
    ],
)
def test_encodings_of_old_systems(text: str, encodings: str) -> None:
    for encoding in encodings.split():
        data = text.encode(encoding)
        assert data.decode(encoding_of(data, whole=True)) == text


def test_bytes_that_no_text_has_and_ends_of_lines_of_several_systems(put: Any) -> None:
    padded = Read(put("a.csv", b"handle,followers,bio\nma\0ra\0,8400,Rye\n"))
    assert padded.values("handle", "bio") == [("mara", "Rye")]
    mixed = Read(put("b.csv", b"handle,followers,bio\r\nmara,8400,Rye\role,9100,Oats\nida,7000,Tea\r\n"))
    assert mixed.values("handle", "bio") == [("mara", "Rye"), ("ole", "Oats"), ("ida", "Tea")]


def test_platforms_named_between_rows(put: Any) -> None:
    table = "Instagram,,\nHandle,Followers,Bio\nmara,8400,Rye\n,,\nTikTok,,\nHandle,Followers,Bio\nmara,900,Rye\n"
    read = Read(put("a.csv", table))
    assert read.values("creator_id", "followers") == [("mara@instagram", 8_400), ("mara@tiktok", 900)]
    assert [reject.reason for reject in read.rejects] == ["the header once more; left out"]


def test_another_table_below_is_no_creators(put: Any) -> None:
    with pytest.raises(InputError, match="two tables"):
        Read(
            put("a.csv", "Handle,Followers,Bio,Price\nmara,8400,Rye,5\n,,,\nPost,Owner,Likes,Comments\nRye,mara,3,1\n")
        )


def test_counts_with_units_and_scales_of_more_languages(put: Any) -> None:
    cells = {
        "850人": 850,
        "3.4万粉丝": 34_000,
        "12,5 mila": 12_500,
        "1.2MM": 1_200_000,
        "1,2 Tr": 1_200_000,
        "850명": 850,
    }
    for cell, count in cells.items():
        assert Read(put("a.csv", f'handle,followers\nmara,"{cell}"\n')).values("followers") == [count]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["26-11-02", "26-10-28"], ["2026-11-02", "2026-10-28"]),
        (["02-11-26", "28-10-26"], ["2026-11-02", "2026-10-28"]),
        (["24-11-05", "24-11-07", "24-11-09"], ["2024-11-05", "2024-11-07", "2024-11-09"]),
        (["20-11-21"], [None]),
        (["2 नवंबर 2026", "2026. 10. 28."], ["2026-11-02", "2026-10-28"]),
        (["November 2nd, 2026"], ["2026-11-02"]),
    ],
)
def test_days_of_more_orders_and_languages(put: Any, cells: list[str], days: list[str | None]) -> None:
    rows = "".join(f'mara,text {i},{20 + i},"{cell}"\n' for i, cell in enumerate(cells))
    read = Read(put("a.csv", f"handle,caption,likes,date\n{rows}"))
    found = {post.caption: post.posted_at for post in read.creators[0].posts}
    assert [at and f"{at:%Y-%m-%d}" for at in (found[f"text {i}"] for i in range(len(cells)))] == days
