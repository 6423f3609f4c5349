"""What people's files hold and what a user expects of each: a case file of a kind, and two more of its kind beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.read import ReadOptions, ReadReport, Reject, read_creators
from bonafit.records import Creator

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 11, 27, tzinfo=UTC)


class Read:
    """A file read as `score` reads it."""

    def __init__(self, path: Path, **options: Any) -> None:
        posts = path.with_name(path.name.split(".")[0] + ".posts.csv")
        self.rejects: list[Reject] = []
        self.report = ReadReport()
        self.creators: list[Creator] = [
            creator
            for _, creator in read_creators(
                path,
                posts=posts if posts.exists() else None,
                on_reject=self.rejects.append,
                report=self.report,
                now=NOW,
                careful=True,
                **options,
            )
        ]

    def values(self, *names: str) -> list[Any]:
        rows = [tuple(getattr(creator, name) for name in names) for creator in self.creators]
        return [row[0] for row in rows] if len(names) == 1 else rows


def posts(likes: Iterable[int | None], **more: Any) -> list[dict[str, Any]]:
    """Posts of one a week, the newest first, some twenty comments each."""
    out = []
    for i, n in enumerate(likes):
        at = f"2026-{11 - i // 4:02d}-{25 - 7 * (i % 4):02d}T08:00:00Z"
        out.append(
            {"post_id": f"p{i}", "posted_at": at, "caption": f"Post {i}", "likes": n, "comments": 18 + i, **more}
        )
    return out


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


def test_at_sign_join(put: Any) -> None:
    assert [len(creator.posts) for creator in Read(CASES / "at_sign_join.csv").creators] == [3, 3]
    links = put(
        "a.csv",
        "profile,bio,followers\nhttps://www.instagram.com/Mara.Rot/,x,5\nhttps://www.instagram.com/ole/,y,6\n",
        posts="username,caption,likes\nmara.rot,one,3\n@OLE,two,4\nole,three,5\n",
    )
    assert [len(creator.posts) for creator in Read(links).creators] == [1, 2]
    nobody = put("b.csv", "handle,followers\nmara,5\n", posts="handle,caption,likes\nole,one,3\n")
    with pytest.raises(InputError, match="none of 1 posts belongs to a creator"):
        Read(nobody)


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


def test_hidden_likes(put: Any) -> None:
    read = Read(CASES / "hidden_likes_minus_one.jsonl")
    assert len(read.creators) == 3
    assert [p.likes for p in read.creators[1].posts] == [None] * 10
    visible, three, absent = Read(CASES / "hidden_likes_three.jsonl").creators
    assert three.posts == absent.posts
    assert all(p.likes for p in visible.posts)
    some = put("a.jsonl", [{"handle": "mara", "followers": 9_000, "posts": posts([410, 3, 388, 402, 3, 377])}])
    [creator] = Read(some).creators
    assert [p.likes for p in creator.posts] == [410, None, 388, 402, None, 377]
    zeros = put("b.jsonl", [{"handle": "mara", "followers": 9_000, "posts": posts([0, 0, 0, 0])}])
    assert [p.likes for p in Read(zeros).creators[0].posts] == [None] * 4
    small = put(
        "c.jsonl", [{"handle": "mara", "followers": 20, "posts": [{"likes": n, "comments": 0} for n in (3, 2, 0, 3)]}]
    )
    assert [p.likes for p in Read(small).creators[0].posts] == [3, 2, 0, 3]


def test_hidden_subscribers(put: Any) -> None:
    zero, absent, shown = Read(CASES / "hidden_subscribers_zero.jsonl").creators
    assert (zero.followers, absent.followers, shown.followers) == (None, None, 8_400)
    unflagged = put("a.jsonl", [{"handle": "mara", "followers": 0, "posts": posts([90, 80, 120], views=4_000)}])
    assert Read(unflagged).creators[0].followers is None
    new = put("b.jsonl", [{"handle": "mara", "followers": 0, "posts": posts([1, 0, 2])}])
    assert Read(new).creators[0].followers == 0


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


def test_meta_export(put: Any) -> None:
    [creator] = Read(CASES / "meta_export.csv").creators
    first = creator.posts[0]
    assert (first.caption[:8], first.likes, first.views, first.saves, first.kind) == (
        "Cleanser",
        562,
        6_182,
        12,
        "reel",
    )
    assert first.posted_at == datetime(2026, 11, 11, 13, 25, tzinfo=UTC)
    assert creator.posts[1].likes == 1_521
    german = put(
        "a.csv",
        "handle,followers\nmara,9000\n",
        posts='Beitrags-ID,Benutzername,Beschreibung,Veröffentlichungszeit,Gefällt mir,Kommentare\n1,mara,Roggen,13/11/2026 09:10,"1.204",7\n',
    )
    post = Read(german).creators[0].posts[0]
    assert (post.caption, post.likes, post.comments) == ("Roggen", 1_204, 7)
    assert post.posted_at == datetime(2026, 11, 13, 9, 10, tzinfo=UTC)
    unread = put("b.csv", "handle,followers\nmara,9000\n", posts="handle,Foo,Bar\nmara,x,y\n")
    with pytest.raises(InputError, match=r"posts: no column holds anything.*--map"):
        Read(unread)


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
        found = [c for _, c in read_creators(path, on_reject=pytest.fail, now=NOW)]
        assert found == [Creator(creator_id="a"), Creator(creator_id="b")]


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


def test_one_post_in_future(put: Any) -> None:
    premiere, without = Read(CASES / "one_post_in_future.jsonl").creators
    assert premiere.posts == without.posts
    joined = put(
        "a.csv", "handle,followers\nmara,5\n", posts="handle,caption,date\nmara,now,2026-11-01\nmara,later,2027-01-01\n"
    )
    read = Read(joined)
    assert [p.caption for p in read.creators[0].posts] == ["now"]
    assert "of the future" in read.rejects[0].reason


def test_pinned_posts(put: Any) -> None:
    plain, pinned = Read(CASES / "pinned_old_posts.jsonl").creators
    assert pinned.posts == plain.posts
    recent = [{"caption": "hit", "posted_at": "2026-11-26", "likes": 900, "is_pinned": True}]
    path = put("a.jsonl", [{"handle": "mara", "followers": 9_000, "posts": recent + posts([40, 50, 60])}])
    assert len(Read(path).creators[0].posts) == 4
    unmarked = [{"caption": "old hit", "posted_at": f"2023-0{i}-01", "likes": 9_000} for i in (2, 1)]
    path = put("b.jsonl", [{"handle": "mara", "followers": 9_000, "posts": unmarked + posts([40, 50, 60, 70, 80, 90])}])
    assert [p.likes for p in Read(path).creators[0].posts] == [40, 50, 60, 70, 80, 90]


def test_posts_is_a_number(put: Any) -> None:
    read = Read(CASES / "posts_is_a_number.csv")
    assert read.values("posts_count") == [240, 911, 1_200]
    assert read.report.unknown == {"comments": 3}
    other = put("a.csv", "handle,followers,videos,audience,extra notes\nmara,5,12,women 25-34,likes rye\n")
    [creator] = Read(other).creators
    assert (creator.posts_count, creator.audience) == (12, ())


def test_same_post_twice(put: Any) -> None:
    once, twice = Read(CASES / "same_post_twice.jsonl").creators
    assert twice.posts == once.posts
    newer = [{"post_id": "1", "caption": "x", "likes": 90, "scraped_at": "2026-11-02"},
             {"post_id": "1", "caption": "x", "likes": 60, "views": 7, "scraped_at": "2026-11-01"}]  # fmt: skip
    [creator] = Read(put("a.jsonl", [{"handle": "mara", "followers": 5, "posts": newer}])).creators
    assert [(p.likes, p.views) for p in creator.posts] == [(90, 7)]
    nameless = [{"caption": "x", "posted_at": "2026-11-02", "likes": n} for n in (5, 9)]
    [creator] = Read(put("b.jsonl", [{"handle": "mara", "followers": 5, "posts": nameless}])).creators
    assert [p.likes for p in creator.posts] == [9]


def test_side_fields_of_another_shape(put: Any) -> None:
    read = Read(CASES / "side_field_wrong_type.jsonl")
    kinds, link, place, tags, _ = read.creators
    assert not read.rejects
    assert {p.kind for p in kinds.posts} == {"carousel"}
    assert link.external_url == "https://shop.example"
    assert place.posts[2].location == "Kiel"
    assert tags.posts[0].tags == ("skincare",)
    assert all(len(c.posts) == 10 for c in read.creators)
    odd = {"handle": "mara", "followers": 5, "category": ["Food", "Bread"], "price": {"amount": 90, "currency": "EUR"},
           "language": {"code": "de", "name": "German"}, "posts": [{"caption": "x", "mentions": [{"username": "ole"}], "location": []}]}  # fmt: skip
    [creator] = Read(put("a.jsonl", [odd])).creators
    assert (creator.category, creator.price, creator.currency, creator.language) == ("Food", 90.0, "EUR", "de")
    assert creator.posts[0].mentions == ("ole",)


def test_videos_as_creators(put: Any) -> None:
    [creator] = Read(CASES / "tiktok_videos_as_creators.jsonl").creators
    assert (creator.handle, creator.platform, creator.followers, len(creator.posts)) == (
        "kiel.haut",
        "tiktok",
        8_400,
        6,
    )
    table = put(
        "a.csv",
        "username,followers,caption,likes,comments,date\nmara,9000,one,30,3,13/11/2026\nole,800,two,20,1,02/11/2026\nmara,9000,three,40,4,01/11/2026\n",
    )
    assert [(c.handle, len(c.posts)) for c in Read(table).creators] == [("mara", 2), ("ole", 1)]
    means = put("b.csv", "username,followers,description,likes,comments\nmara,9000,Rye,350,12\n")
    read = Read(means)
    assert read.values("bio") == ["Rye"]
    assert read.report.unknown == {"likes": 1, "comments": 1}
    flattened = put(
        "c.csv",
        "id,text,createTime,diggCount,authorMeta/name,authorMeta/fans\n1,one,1790000000,30,mara,9000\n2,two,1790100000,40,mara,9000\n",
    )
    assert [(c.handle, c.followers, len(c.posts)) for c in Read(flattened).creators] == [("mara", 9_000, 2)]


def test_times_of_exports(put: Any) -> None:
    read = Read(CASES / "times_of_exports.csv")
    may = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    day = datetime(2026, 5, 1, tzinfo=UTC)
    times = [post.posted_at for post in read.creators[0].posts]
    assert times[1:] == [may, None, may, None, may, day, day, may]
    assert "--dates" in read.report.lost["posts[].posted_at"].reason
    options = ReadOptions(day_first=True, read_at=datetime(2026, 6, 3, tzinfo=UTC))
    times = [post.posted_at for post in Read(CASES / "times_of_exports.csv", options=options).creators[0].posts]
    assert times[2] == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert times[4] == datetime(2026, 6, 1, tzinfo=UTC)
    words = put(
        "a.csv",
        "handle,followers\nmara,5\n",
        posts='handle,caption,date\nmara,a,1. Mai 2026\nmara,b,1 de mayo de 2026\nmara,c,"Fri, 01 May 2026 00:00:00 GMT"\n',
    )
    assert [p.posted_at for p in Read(words).creators[0].posts] == [day, day, day]


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
    told = ReadOptions(names={"Subscribed people": "followers", "Follower base": ""})
    assert Read(two, options=told).values("followers") == [6]
    nothing = put("b.csv", "handle,Shoe size,Pet\nmara,39,dog\n")
    with pytest.raises(InputError, match="no column holds anything that a score is made of"):
        Read(nothing)


def test_prefixed_names_and_lengths(put: Any) -> None:
    research = put("a.csv", "userId,userFollowerCount,userBiography,userBiographyLength,bio_length\n7,8400,Rye,3,3\n")
    read = Read(research)
    assert read.values("creator_id", "followers", "bio") == [("7", 8_400, "Rye")]
    assert set(read.report.unknown) == {"userBiographyLength", "bio_length"}


def test_counts_of_posts_without_texts_are_posts(put: Any) -> None:
    counts = put("a.csv", "video_id,channel_id,view_count,like_count,comment_count\n1,c,900,80,7\n2,c,800,70,6\n")
    [creator] = Read(counts).creators
    assert (creator.creator_id, [post.views for post in creator.posts]) == ("c", [900, 800])


def test_numbers_of_rows_are_nobody(put: Any) -> None:
    listed = put(
        "a.csv",
        "#,Creator,IG link,Follower\n1,Kim Dal,https://instagram.com/kim.dal,12.4k\n2,Bo Ris,instagram.com/bo.ris?igsh=abc,8k\n",
    )
    assert Read(listed).values("creator_id", "display_name") == [
        ("kim.dal@instagram", "Kim Dal"), ("bo.ris@instagram", "Bo Ris")
    ]  # fmt: skip


def test_lists_and_objects_beside_each_other(put: Any) -> None:
    post = {"caption": "One", "likes": 30, "comments": 2, "published_at": "2026-11-01"}
    beside = put("a.json", json.dumps([{"creator": {"handle": "kim", "followers": 5, "bio": "x"}, "content": [post]}]))
    [creator] = Read(beside).creators
    assert (creator.handle, len(creator.posts)) == ("kim", 1)
    videos = put(
        "b.json",
        json.dumps(
            {
                "itemList": [
                    {
                        "id": "1",
                        "desc": "One",
                        "createTime": 1_790_000_000,
                        "author": {"uniqueId": "kim"},
                        "stats": {"diggCount": 3},
                    }
                ]
            }
        ),
    )
    assert Read(videos).values("handle") == ["kim"]
    owned = put("c.json", json.dumps([{"user_posted": "kim", "description": "One", "num_comments": 4, "date_posted": "2026-11-01", "likes": 30,
                                       "followers": 12_400, "content_type": "Carousel"}]))  # fmt: skip
    [creator] = Read(owned).creators
    assert (creator.handle, creator.followers, creator.posts[0].comments) == ("kim", 12_400, 4)
