"""Prices, dates, flags and names as people of many places write them: read as they mean, or refused with the cause."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bonafit.io.read import ReadOptions
from bonafit.io.rows.flags import flag_of
from bonafit.io.rows.identity import handle_of, named_handle, of_link
from bonafit.io.rows.money import currency_of_header, price_of
from bonafit.io.rows.names import field_of
from bonafit.io.rows.times import instant_of
from bonafit.io.rows.values import UnreadError, count_of, number_format
from bonafit.records import Creator
from tests.io.reading import Read

READ_AT = datetime(2026, 5, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "amount", "currency", "of_range"),
    [
        ("1.200,- €", 1_200, "EUR", False), ("Rs. 1,50,000/-", 150_000, "INR", False), ("ab 200 €", 200, "EUR", False),
        ("R$ 1.500,00", 1_500, "BRL", False), ("20 тыс. руб.", 20_000, "RUB", False), ("3万円", 30_000, "JPY", False),
        ("CHF 1'200.-", 1_200, "CHF", False), ("200 €/post", 200, "EUR", False), ("INR 40k", 40_000, "INR", False),
        ("€200-300", 300, "EUR", True), ("250 - 400 EUR", 400, "EUR", True), ("$1k–$2k", 2_000, "USD", True),
        ("USD 200 to USD 300", 300, "USD", True), ("500 kr", 500, None, False), ("200€ + VAT", 200, "EUR", False),
    ],
)  # fmt: skip
def test_prices(text: str, amount: float, currency: str | None, of_range: bool) -> None:
    assert price_of(text, number_format([text], "price", whole=False)) == (amount, currency, of_range)


def test_of_several_prices_that_of_a_post_is_taken_and_none_lost(put: Any) -> None:
    read = Read(
        put("a.csv", "handle,followers,Story price,Reel price,Post price\nmara,8400,50,200,120\nole,9,60,250,\n")
    )
    assert read.values("price") == [120.0, 250.0]
    assert [creator.extra for creator in read.creators] == [
        {"Story price": "50", "Reel price": "200"}, {"Story price": "60"}
    ]  # fmt: skip
    ranges = Read(put("b.csv", "handle,followers,Min price,Max price\nmara,8400,100,200\n"))
    assert (ranges.values("price"), ranges.creators[0].extra) == ([200.0], {"Min price": "100"})


@pytest.mark.parametrize("text", ["200/300", "5 €/1000 views", "on request", "€200 - $300", "1-2-3", "200 Äpfel"])
def test_no_price_is_guessed(text: str) -> None:
    with pytest.raises(UnreadError):
        price_of(text)


def test_the_currency_may_stand_in_the_header(put: Any) -> None:
    assert [currency_of_header(name) for name in ("Price (EUR)", "Preis in €", "Rate (net)", "Fee")] == [
        ("Price", "EUR"), ("Preis", "EUR"), ("Rate (net)", None), ("Fee", None)
    ]  # fmt: skip
    read = Read(put("a.csv", "handle;followers;Preis (EUR)\nmara;8400;200-300\nole;9100;250\n"))
    assert read.values("price", "currency") == [(300.0, "EUR"), (250.0, "EUR")]
    assert read.report.treated["price: a range, read as its upper end"] == 1


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1 мая 2026 г.", (2026, 5, 1)), ("2026年5月1日 12:30", (2026, 5, 1, 12, 30)), ("2026년 5월 1일", (2026, 5, 1)),
        ("1 Mayıs 2026", (2026, 5, 1)), ("1 maja 2026", (2026, 5, 1)), ("01-May-2026", (2026, 5, 1)),
        ("1er mai 2026", (2026, 5, 1)), ("1 May '26", (2026, 5, 1)), ("4:30 PM · May 1, 2026", (2026, 5, 1, 16, 30)),
        ("2026-05-01 10:00 AM PST", (2026, 5, 1, 18)), ("2026-05-01 10:00:00 CEST", (2026, 5, 1, 8)),
        ("1. Mai 2026 um 13:30 Uhr", (2026, 5, 1, 13, 30)), ("1777600000000000", (2026, 5, 1, 1, 46, 40)),
        ("May 3", (2026, 5, 3)), ("3. Mai", (2026, 5, 3)), ("28.04.", (2026, 4, 28)), ("Dec 24", (2025, 12, 24)),
        ("5月1日", (2026, 5, 1)), ("29 Feb", (2024, 2, 29)), ("3天前", (2026, 5, 17)), ("3 gün önce", (2026, 5, 17)),
    ],
)  # fmt: skip
def test_dates(text: str, at: tuple[int, ...]) -> None:
    assert instant_of(text, read_at=READ_AT) == datetime(*at, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-05-01T09:30:00 IST", "06-03", "Thursday", "2 months ago", "Q1 2026", "31 Feb"])
def test_no_date_is_guessed(text: str) -> None:
    with pytest.raises(UnreadError):
        instant_of(text, read_at=READ_AT)


def test_days_without_a_year_need_the_day_of_reading(put: Any) -> None:
    path = put("a.csv", "Account,Date,Caption,Likes\nmara,May 3,Rye,12\nmara,Dec 28,Oats,9\n")
    known = Read(path, options=ReadOptions(read_at=READ_AT))
    assert [post.posted_at.year for post in known.creators[0].posts] == [2026, 2025]
    assert any("without a year are the last such days" in line for line in known.report.assumed)
    [lost] = Read(path).report.lost.values()
    assert "--read-at" in lost.reason
    assert lost.n == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12,5 tys.", 12_500), ("1,2 Mn", 1_200_000), ("1,1 mi", 1_100_000), ("٨٫٤ ألف", 8_400), ("1.2w", 12_000),
        ("๑๒ หมื่น", 120_000), ("3 แสน", 300_000), ("2.3만", 23_000), ("12 rb", 12_000), ("1.2 lakh", 120_000),
        ("2 crore", 20_000_000), ("1,2 Mio.", 1_200_000), ("３５００", 3_500), ("1亿", 100_000_000),
    ],
)  # fmt: skip
def test_counts(text: str, count: int) -> None:
    assert count_of(text, number_format([text], "followers", whole=True))[0] == count


def test_a_count_that_nobody_has_is_not_read(put: Any) -> None:
    read = Read(put("a.csv", "handle;followers;bio\nmara;12,5 B;x\nole;8400;y\nida;2 mil;z\n"))
    assert read.values("followers") == [None, 8_400, 2_000]
    assert read.report.lost["followers"].n == 1
    assert read.report.treated["followers: mil counts a thousand"] == 1


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Verified ✓", True),
        ("✅", True),
        ("✔️", True),
        ("❌", False),
        ("да", True),
        ("否", False),
        ("hayır", False),
        ("offen", False),
    ],
)
def test_flags(text: str, flag: bool) -> None:
    assert flag_of(text) is flag


def test_unseen_marks_are_nobodys(put: Any) -> None:
    people = put("a.csv", "handle,followers,bio\n\u200bmara\u200b,8400,x\n\u2066@ole\u2069 ,9100,y\n")
    put("a.posts.csv", "handle,caption,likes\nmara\ufeff,Rye,12\nole\u200e,Oats,9\n")
    read = Read(people)
    assert read.values("creator_id", "handle") == [("mara", "mara"), ("ole", "ole")]
    assert [len(creator.posts) for creator in read.creators] == [1, 1]


def test_a_name_beside_the_handle(put: Any) -> None:
    assert named_handle("Mara Rot (@mara.rot)") == ("Mara Rot", "mara.rot")
    assert named_handle("mara@mail.com") is None
    read = Read(put("a.csv", "Influencer,Followers\nMara Rot (@mara.rot),8400\nOle B. - @ole.b,9100\n"))
    assert read.values("handle", "display_name") == [("mara.rot", "Mara Rot"), ("ole.b", "Ole B.")]


def test_a_short_link_names_nobody() -> None:
    assert of_link("https://vm.tiktok.com/ZMabc/") == (None, None)
    assert handle_of("https://www.instagram.com/mara?igsh=x&hl=de") == "mara"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Estimated cost per post", "price"), ("Tarif post (€)", "price"), ("What do you charge per post?", "price"),
        ("Preis pro Reel", "price"), ("Max price", "price"), ("Tarif story (€)", None), ("Price change", None),
        ("How many followers do you have?", "followers"),
    ],
)  # fmt: skip
def test_columns_named_in_a_phrase(header: str, field: str | None) -> None:
    values = field_of(Creator, header)
    assert (values and values[0]) == field


def test_places_and_kinds_of_a_language(put: Any) -> None:
    rows = (
        "a;Deutschland (Berlin);British English\nb;Georgia, US;English (US)\nc;Köln (Deutschland);German and English\n"
    )
    read = Read(
        put(
            "a.csv",
            f"handle;country;language;followers\n{rows}".replace("\n", ";1\n").replace("followers;1", "followers"),
        )
    )
    assert read.values("country", "language") == [("de", "en"), ("us", "en"), ("de", None)]


def test_the_rows_own_account_is_the_platforms_whose_handle_it_has(put: Any) -> None:
    own = Read(put("a.csv", "IG,followers,TT,followers_tt\n@mara,8400,@mara.tt,12000\n@ole,9100,,\n"))
    assert own.values("creator_id", "followers") == [
        ("mara@instagram", 8_400), ("mara.tt@tiktok", 12_000), ("ole@instagram", 9_100)
    ]  # fmt: skip
    text = Read(
        put(
            "b.csv",
            "Name,Instagram,TikTok,Followers,Platform\nMara,@mara,@m.tt,84,Instagram\nOle,@ole,@o.tt,9,TikTok\n",
        )
    )
    assert text.values("creator_id") == ["mara@instagram", "o.tt@tiktok"]


def test_flattened_keys_of_json_are_nested_again(put: Any) -> None:
    rows = [
        {
            "id": str(i),
            "text": "rye",
            "authorMeta.name": "mara",
            "authorMeta.fans": 8400,
            "diggCount": 10 + i,
            "playCount": 100,
        }
        for i in range(2)
    ]
    [creator] = Read(put("a.json", json.dumps(rows))).creators
    assert (creator.creator_id, creator.followers, [post.likes for post in creator.posts]) == (
        "mara@tiktok",
        8_400,
        [10, 11],
    )


def test_a_profile_deep_beside_its_posts_is_not_lost(put: Any) -> None:
    user = {"user": {"id": "1", "uniqueId": "mara", "signature": "Rye"}, "stats": {"followerCount": 8400}}
    post = {
        "id": "7",
        "desc": "rye",
        "createTime": 1777600000,
        "stats": {"diggCount": 10},
        "author": {"uniqueId": "mara"},
    }
    [creator] = Read(put("a.json", json.dumps({"userInfo": user, "itemList": [post]}))).creators
    assert (creator.handle, creator.bio, creator.followers, len(creator.posts)) == ("mara", "Rye", 8_400, 1)


def test_a_date_of_the_last_post_is_no_list_of_posts(put: Any) -> None:
    assert Read(put("a.csv", "creator;followers;last post\n@mara;8.4K;2 days ago\n")).values("followers") == [8_400]


def test_a_price_on_request_is_none(put: Any) -> None:
    read = Read(put("a.csv", "handle;followers;Preis\na;1;auf Anfrage\nb;2;POA\nc;3;200 €\n"))
    assert read.values("price") == [None, None, 200.0]
    assert read.report.treated["price: on request, as words say, read as absent"] == 2


def test_one_post_under_several_links_is_one(put: Any) -> None:
    links = (
        "https://www.instagram.com/p/CxAbC12/",
        "https://instagram.com/p/CxAbC12/?img_index=1",
        "https://instagram.com/mara/reel/CxAbC12",
    )
    rows = "".join(f"mara,{link},Rye,{10 + i}\n" for i, link in enumerate(links))
    [creator] = Read(
        put("a.csv", f"handle,url,caption,likes\n{rows}mara,https://youtu.be/dQw4w9WgXcQ,Oats,3\n")
    ).creators
    assert [post.likes for post in creator.posts] == [12, 3]


def test_a_profile_is_a_link_where_its_cells_are(put: Any) -> None:
    put("a.posts.csv", "Influencer,Caption,Likes,Comments\nMara Rot,Rye,12,3\nOle,Oats,9,1\n")
    rows = "Mara Rot,https://www.instagram.com/mara.rot,8400\nOle,https://www.instagram.com/ole,9100\n"
    read = Read(put("a.csv", f"Influencer,Profile,Followers\n{rows}"))
    assert read.values("creator_id") == ["mara.rot@instagram", "ole@instagram"]
    assert [len(creator.posts) for creator in read.creators] == [1, 1]
    assert read.report.treated["posts: joined by the creator's name"] == 1


def test_nobody_gets_the_posts_of_a_handle_that_is_the_own_name(put: Any) -> None:
    put("a.posts.csv", "handle,caption,likes,comments\nole,Oats,9,1\n")
    read = Read(put("a.csv", "handle,name,followers\nm.rot,Ole,8400\nole,Ole B.,9100\n"))
    assert [len(creator.posts) for creator in read.creators] == [0, 1]


@pytest.mark.parametrize("word", ["無", "なし", "нет данных", "н/д", "暂无", "未知", "없음", "n.v.t.", "غير معروف"])
def test_words_for_nothing_in_other_scripts(put: Any, word: str) -> None:
    read = Read(put("a.csv", f"handle,followers,bio,country\na,{word},{word},{word}\nb,1,x,DE\n"))
    assert read.values("followers", "bio", "country") == [(None, None, None), (1, "x", "de")]
    assert not read.report.lost
