"""What people's files hold and what a user expects of each: a case file of a kind, and two more of its kind beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.read import ReadOptions, read_creators
from bonafit.records import Creator
from tests.io.reading import CASES, NOW, Read


def test_abbreviated_counts(put: Any) -> None:
    read = Read(CASES / "abbreviated_counts.csv")
    assert read.values("followers") == [8_400, 12_500, 66_000, 1_200_000, 8_400, 8_400]
    assert read.values("following") == [390, 800, 1_100, 90, 1_020, 310]
    assert read.report.treated["followers: rounded where they were written, such as 8.4K"] == 4
    other = put("a.csv", 'handle,subscribers\na,3.1M subscribers\nb,"2,75 Mio."\nc,950\nd,12 mil\ne,1.3万\nf,~40k+\n')
    assert Read(other).values("followers") == [3_100_000, 2_750_000, 950, 12_000, 13_000, 40_000]
    scripts = put("b.csv", 'handle,followers\na,١٢٤٠٠\nb,१२४००\nc,"1,24,000"\n')
    assert Read(scripts).values("followers") == [12_400, 12_400, 124_000]


def test_a_mark_that_could_be_either_is_the_column_s_affair(put: Any) -> None:
    decimal = put("a.csv", 'handle,bio,followers\na,x,"12,5K"\nb,y,"12,500K"\n')
    assert Read(decimal).values("followers") == [12_500, 12_500]
    grouping = put("b.csv", 'handle,bio,followers\na,x,"8,400"\nb,y,"12,500K"\n')
    assert Read(grouping).values("followers") == [8_400, 12_500_000]
    impossible = put("c.csv", 'handle,bio,followers\na,x,"16,037 M"\n')
    assert Read(impossible).values("followers") == [16_037_000]
    neither = put("d.csv", 'handle,bio,followers\na,x,"12,500K"\nb,y,"1,250K"\n')
    with pytest.raises(InputError, match=r"may group thousands or begin decimals.*--decimal"):
        Read(neither)
    assert Read(neither, options=ReadOptions(decimal=",")).values("followers") == [12_500, 1_250]


def test_thousands_point(put: Any) -> None:
    assert Read(CASES / "thousands_point.csv").values("followers", "following") == [
        (12_000, 1_000), (12_500, 800), (100_000, 310), (8_400, 290)
    ]  # fmt: skip
    spanish = put("a.csv", "usuario;seguidores\nana;1.000\neva;1.250.000\n")
    assert Read(spanish).values("followers") == [1_000, 1_250_000]
    floats = put("b.csv", "handle,followers\na,8400.0\nb,12.0\nc,\n")
    assert Read(floats).values("followers") == [8_400, 12, None]
    both = put("c.csv", "handle,followers\na,8400.0\nb,12.000\nc,12.500\n")
    with pytest.raises(InputError, match="says both or neither"):
        Read(both)


def test_vendors_names_are_read(put: Any) -> None:
    read = Read(CASES / "apify_profile.jsonl")
    assert read.values("followers", "following", "posts_count") == [
        (8_400, 390, 240), (15_200, 390, 240), (4_100, 390, 240)
    ]  # fmt: skip
    assert [len(creator.posts) for creator in read.creators] == [10, 10, 10]
    assert read.report.source["vendor"] == "Apify Instagram"


def test_capital_headers(put: Any) -> None:
    read = Read(CASES / "capital_headers.csv")
    assert read.values("followers", "country", "platform") == [
        (8_400, "de", "instagram"), (12_500, "de", "instagram"), (66_000, "at", "instagram")
    ]  # fmt: skip
    marks = put("a.csv", "USER NAME,# of Followers,About-Me\nmara,70,Rye bread\n")
    assert Read(marks).values("handle", "followers", "bio") == [("mara", 70, "Rye bread")]
    thousands = put("b.csv", "Handle,Followers (K),Bio\nmara,12.4,Rye\n")
    assert Read(thousands).values("followers") == [12_400]


@pytest.mark.parametrize(
    "header",
    [
        "Benutzername;Anzahl Follower;Profiltext",
        "Nom d'utilisateur;Nombre d'abonnés;Biographie",
        "Nombre de usuario;Seguidores;Biografía",
        "Nome de usuário;Seguidores;Descrição",
        "Nome utente;Numero di follower;Biografia",
        "Nama pengguna;Jumlah pengikut;Bio",
    ],
)
def test_headers_in_other_languages(put: Any, header: str) -> None:
    read = Read(put("a.csv", f"{header}\nmara;8400;Rye bread\n"))
    assert read.values("handle", "followers", "bio") == [("mara", 8_400, "Rye bread")]


def test_country_names(put: Any) -> None:
    read = Read(CASES / "country_names.csv")
    assert read.values("country", "language") == [("de", "en"), ("us", "en"), ("de", "en"), ("gb", "de")]
    german = put(
        "a.csv", "handle,followers,land,sprache\na,5,Österreich,Französisch\nb,6,USA,en-US\nc,7,Berlin,Klingonisch\n"
    )
    read = Read(german)
    assert read.values("country", "language") == [("at", "fr"), ("us", "en"), (None, None)]
    assert {path: lost.n for path, lost in read.report.lost.items()} == {"land": 1, "sprache": 1}
    codes = put("b.csv", "handle,followers,country,language\na,5,BRA,pt-BR\nb,6,UK,ENG\n")
    assert Read(codes).values("country", "language") == [("br", "pt"), ("gb", "en")]


def test_counts_as_text(put: Any) -> None:
    text, number, flag = Read(CASES / "counts_as_text.jsonl").creators
    assert [(p.likes, p.views) for p in text.posts] == [(p.likes, p.views) for p in number.posts]
    assert (text.followers, flag.verified) == (8_400, False)
    other = put(
        "a.jsonl", [{"id": 5, "followers": "12K", "is_private": "0", "posts": [{"likes": "1.204", "caption": "x"}]}]
    )
    [creator] = Read(other).creators
    assert (creator.creator_id, creator.followers, creator.is_private, creator.posts[0].likes) == (
        "5",
        12_000,
        False,
        1_204,
    )


def test_excel_ids(put: Any) -> None:
    with pytest.raises(InputError, match=r"a spreadsheet has rounded this id.*format its column as text"):
        Read(CASES / "excel_ids.csv")
    floats = put("a.jsonl", '{"creator_id": 1.78414e16, "bio": "x"}\n{"creator_id": "ok", "bio": "y"}')
    read = Read(floats)
    assert read.values("creator_id") == ["ok"]
    assert "rounded" in read.rejects[0].reason
    named = put("b.csv", "id,username,platform,bio\n1.78414E+16,mara,tiktok,x\n1.78414E+16,ole,tiktok,y\n")
    assert Read(named).values("creator_id") == ["mara@tiktok", "ole@tiktok"]


def test_excel_sep_line(put: Any) -> None:
    read = Read(CASES / "excel_sep_line.csv")
    assert read.values("bio") == ["Haut, Pflege, Nürnberg", "Laufen, Kaffee, Köln", "Brot"]
    assert read.report.source["encoding"] == "cp1252"
    tabs = put("a.txt", "Handle\tFollowers\tBio\nmara\t5\tŻyto i sól\n", encoding="utf-16")
    assert Read(tabs).values("bio") == ["Żyto i sól"]
    polish = put("b.csv", "handle;followers;bio\nmara;5;Świeże bułki, łąka i źródło każdego dnia\n", encoding="cp1250")
    assert Read(polish).values("bio") == ["Świeże bułki, łąka i źródło każdego dnia"]


def test_handles_stand_beside_ids(put: Any) -> None:
    assert Read(CASES / "explain_by_handle.csv").values("handle") == ["kiel.haut", "nord.lauf", "ofen.liebe"]


def test_json_documents(put: Any) -> None:
    assert Read(CASES / "json_array.json").values("followers") == [8_400, 12_500, 66_000]
    person = {"username": "mara", "biography": "Rye", "followersCount": 70}
    for i, document in enumerate(
        [person, {"items": [person]}, {"data": {"users": [person]}}, [{"data": [person]}], {"mara": {"bio": "Rye", "followers": 70},
         "ole": {"bio": "Oats", "followers": 80}}]
    ):  # fmt: skip
        path = put(f"{i}.json", json.dumps(document, indent=1))
        assert Read(path).values("handle", "followers")[0] == ("mara", 70)
    python = put("nan.jsonl", '{"handle": "mara", "followers": 70, "bio": "Rye", "price": NaN}')
    assert Read(python).values("followers", "price") == [(70, None)]
    twice = put("two.json", json.dumps(person, indent=1) + "\n" + json.dumps({**person, "username": "ole"}, indent=1))
    assert Read(twice).values("handle") == ["mara", "ole"]


def test_no_creator_id(put: Any) -> None:
    assert Read(CASES / "no_creator_id.jsonl").values("creator_id") == [
        "61000000001", "nord.lauf@tiktok", "ofen.liebe@tiktok"
    ]  # fmt: skip
    link = put("a.csv", "Profile URL,Followers\nhttps://www.tiktok.com/@mara.rot?lang=en,5\n")
    assert Read(link).values("creator_id", "platform") == [("mara.rot@tiktok", "tiktok")]
    name = put("b.csv", "Name,Followers\nMara Rot,5\n")
    assert Read(name).values("creator_id") == ["Mara Rot"]


@pytest.mark.parametrize("word", ["", "N/A", "-", "null", "None", "#N/A", "nan", " n/a ", "—"])
def test_null_words(put: Any, word: str) -> None:
    read = Read(CASES / "null_words.csv")
    assert (len(read.creators), read.rejects) == (5, [])
    assert read.creators[3].bio is None
    columns = ("handle", "bio", "followers", "verified", "country", "price", "category", "tags", "posts")
    for suffix, content in (
        (
            "csv",
            ",".join(("creator_id", *columns))
            + f"\na,{','.join([word] * len(columns))}\nb"
            + "," * len(columns)
            + "\n",
        ),
        ("jsonl", [{"creator_id": "a", **dict.fromkeys(columns, word)}, {"creator_id": "b"}]),
    ):
        path = put(f"a.{suffix}", content)
        values = [c for _, c in read_creators(path, on_reject=pytest.fail, now=NOW)]
        assert values == [Creator(creator_id="a"), Creator(creator_id="b")]


def test_one_person_two_platforms(put: Any) -> None:
    assert Read(CASES / "one_person_two_platforms.csv").values("creator_id", "platform", "followers") == [
        ("kiel.haut", "instagram", 8_400), ("kiel.haut", "tiktok", 31_000), ("nord.lauf", "instagram", 12_500)
    ]  # fmt: skip
    again = Read(put("a.csv", "handle,platform,followers\nmara,tiktok,5\nmara,TikTok,5\n"))
    assert (len(again.creators), len(again.rejects)) == (1, 1)
    apart = put(
        "b.csv",
        "handle,platform,followers\nmara,tiktok,5\nmara,youtube,6\n",
        posts="handle,platform,caption,likes\nmara,youtube,long,3\nmara,tiktok,short,4\n",
    )
    assert [c.posts[0].caption for c in Read(apart).creators] == ["short", "long"]


def test_titles_and_totals(put: Any) -> None:
    read = Read(CASES / "title_and_totals.csv")
    assert read.values("creator_id", "followers") == [("lind.haut", 8_400), ("berg.rad", 9_800)]
    assert [reject.line for reject in read.rejects] == [8]
    assert read.report.blank_lines == 1
    german = put("a.csv", "Liste 2026;;\n\nName;Follower;Bio\nmara;5;Roggen\nSumme;5;\n")
    read = Read(german)
    assert read.values("followers") == [5]
    assert "totals" in read.rejects[0].reason


def test_workbooks(put: Any, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="workbooks need the extra excel")
    assert Read(CASES / "workbook.xlsx").values("followers") == [8_400, 12_500, 66_000]
    misnamed = put("list.csv", (CASES / "workbook.xlsx").read_bytes())
    assert Read(misnamed).values("creator_id") == ["kiel.haut", "nord.lauf", "ofen.liebe"]
    with pytest.raises(InputError, match="has the sheets"):
        Read(CASES / "workbook.xlsx", options=ReadOptions(sheet="Nothing"))


def test_what_looks_like_evidence_and_is_not_read_stops_the_run(put: Any) -> None:
    two = put("a.csv", "Name,Follower base,Subscribed people,Bio\nMara Rot,5,6,Rye\n")
    with pytest.raises(InputError, match=r"looks like followers and is not read.*--map"):
        Read(two)
    notes = ReadOptions(names={"Subscribed people": "followers", "Follower base": ""})
    assert Read(two, options=notes).values("followers") == [6]
    nothing = put("b.csv", "handle,Shoe size,Pet\nmara,39,dog\n")
    with pytest.raises(InputError, match="no column holds anything that a score is made of"):
        Read(nothing)


def test_prefixed_names_and_lengths(put: Any) -> None:
    research = put("a.csv", "userId,userFollowerCount,userBiography,userBiographyLength,bio_length\n7,8400,Rye,3,3\n")
    read = Read(research)
    assert read.values("creator_id", "followers", "bio") == [("7", 8_400, "Rye")]
    assert set(read.report.unknown) == {"userBiographyLength", "bio_length"}


def test_numbers_of_rows_are_nobody(put: Any) -> None:
    listed = put(
        "a.csv",
        "#,Creator,IG link,Follower\n1,Kim Dal,https://instagram.com/kim.dal,12.4k\n2,Bo Ris,instagram.com/bo.ris?igsh=abc,8k\n",
    )
    assert Read(listed).values("creator_id", "display_name") == [
        ("kim.dal@instagram", "Kim Dal"), ("bo.ris@instagram", "Bo Ris")
    ]  # fmt: skip
