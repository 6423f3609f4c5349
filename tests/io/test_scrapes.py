"""Public scrapes and regional exports: columns as sites name them, encodings of old systems, sections of sheets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.encodings import encoding_of
from tests.io.reading import Read

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
    named = Read(put("b.csv", "handle,followers,channel_type\nmara,8400,IG\nole,900,blog\n"))
    assert named.values("platform") == ["instagram", "blog"]


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
    days_read = {post.caption: post.posted_at for post in read.creators[0].posts}
    assert [at and f"{at:%Y-%m-%d}" for at in (days_read[f"text {i}"] for i in range(len(cells)))] == days


LISTS = {
    "de": "Profilname;Abonnenten;Engagement-Rate;Themen;Wohnort\n@mara;12.500;4,2 %;Backen;Berlin, Deutschland\n",
    "pt": "Nome;@ do Instagram;Nº de seguidores;Engajamento;Nicho;País\nMara;@mara;12,5 mil;4,2%;Pão;Alemanha\n",
    "it": "Nome;Profilo IG;N. follower;ER;Settore;Nazione\nMara;@mara;12.500;4,2%;Pane;Germania\n",
    "tr": "Ad Soyad;Kullanıcı Adı;Takipçi Sayısı;Etkileşim Oranı;Kategori;Ülke\nMara;@mara;12,5 B;%4,2;Ekmek;Almanya\n",
    "ko": "이름;인스타그램 아이디;팔로워 수;참여율;카테고리;국가\n마라;@mara;1.25만;4.2%;빵;독일\n",
    "zh": "昵称;账号;粉丝数;互动率;领域;地区\n玛拉;mara;1.25万;4.2%;面包;德国\n",
    "uk": "Ім'я;Нікнейм;Підписники;ER;Категорія;Країна\nМара;@mara;12,5 тис.;4,2%;Хліб;Німеччина\n",
    "no": "Navn;Brukernavn;Antall følgere;ER;Kategori;Land\nMara;@mara;12 500;4,2%;Brød;Tyskland\n",
    "cs": "Jméno;Uživatelské jméno;Počet sledujících;ER;Obor;Země\nMara;@mara;12 500;4,2%;Chléb;Německo\n",
    "el": "Όνομα;Όνομα χρήστη;Ακόλουθοι;ER;Κατηγορία;Χώρα\nΜάρα;@mara;12.500;4,2%;Ψωμί;DE\n",
}


@pytest.mark.parametrize("language", LISTS)
def test_lists_in_many_languages(put: Any, language: str) -> None:
    read = Read(put("a.csv", LISTS[language]))
    assert read.values("handle", "followers") == [("mara", 12_500)]
    [creator] = read.creators
    assert creator.category
    assert creator.country in ("de", None)
    assert [fact["value"] for fact in creator.extra["vendor_facts"]] == [0.042]
    assert not set(read.report.lost) - {"Країна", "Země", "Land"}


@pytest.mark.parametrize(
    "text",
    [
        "Konto;Beitragstext;Veröffentlicht am;Gefällt-mir;Kommentare;Aufrufe\nmara;Brot;02.11.2026;310;12;1.200\n",
        "Konto;Opis;Data;Polubienia;Komentarze;Wyświetlenia\nmara;Brot;02.11.2026;310;12;1 200\n",
        "Hesap;Açıklama;Tarih;Beğeni;Yorum;Görüntülenme\nmara;Brot;02.11.2026;310;12;1.200\n",
        "खाता;विवरण;तारीख;लाइक;टिप्पणियाँ;व्यूज़\nmara;Brot;2026-11-02;३१०;१२;१२००\n",
    ],
)
def test_posts_in_many_languages(put: Any, text: str) -> None:
    [post] = Read(put("a.csv", text)).creators[0].posts
    assert (post.caption, post.likes, post.comments, post.views) == ("Brot", 310, 12, 1_200)
    assert f"{post.posted_at:%Y-%m-%d}" == "2026-11-02"


def test_a_yen_sign_is_of_the_country_that_the_list_is_of(put: Any) -> None:
    assert Read(put("a.csv", "账号,粉丝数,报价\nmara,850,¥3000\n")).values("price", "currency") == [(3_000, "CNY")]
    rows = "handle,followers,country,price\nmara,850,China,¥3000\nole,850,Japan,¥3000\n"
    assert Read(put("b.csv", rows)).values("currency") == ["CNY", "JPY"]


def test_posts_that_name_account_and_user(put: Any) -> None:
    header = "Account,User Name,Followers at Posting,Post Created,Type,Likes,Comments,Views,URL,Description"
    row = "Mara Rot,mara,8400,2026-11-02 10:00:00 CET,Photo,310,12,0,https://www.instagram.com/p/Cx1y/,Rye bread"
    read = Read(put("a.csv", f"{header}\n{row}\n"))
    assert read.values("handle", "display_name", "followers") == [("mara", "Mara Rot", 8_400)]
    assert f"{read.creators[0].posts[0].posted_at:%H:%M}" == "09:00"
    users = Read(put("b.csv", "User Name,Screen Name,Description,Followers Count\nMara,mara.rot,Rye,8400\n"))
    assert users.values("handle") == ["mara.rot"]


def test_ratings_that_are_off_hide_likes_and_no_views(put: Any) -> None:
    rows = "abc,Rye,Mara,2026-11-02,100,0,True\nabd,Oats,Mara,2026-11-01,90,0,False\n"
    read = Read(put("a.csv", f"video_id,title,channelTitle,publishedAt,view_count,likes,ratings_disabled\n{rows}"))
    assert [(post.views, post.likes) for post in read.creators[0].posts] == [(100, None), (90, 0)]


def test_quotes_of_text_programs_are_nobodys(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,bio\n“mara”,“8400”,“Rye bread”\n„ole“,«9100»,Oats\n"))
    assert read.values("handle", "followers", "bio") == [("mara", 8_400, "“Rye bread”"), ("ole", 9_100, "Oats")]


def test_tweets(put: Any) -> None:
    header = "user_id,user_name,tweet_id,tweet,retweets,likes,date,followers"
    [creator] = Read(put("a.csv", f"{header}\n1,mara,9,Rye bread,2,31,2026-11-02 10:00:00,8400\n")).creators
    assert [(post.caption, post.shares, post.likes) for post in creator.posts] == [("Rye bread", 2, 31)]


def test_answers_of_a_form(put: Any) -> None:
    header = "What is your Instagram handle?,How many followers do you have?,What is your rate per post?"
    read = Read(put("a.csv", f"{header},Tell us about yourself\n@mara,8.4k,€250,I bake rye\n"))
    assert read.values("handle", "followers", "price", "bio") == [("mara", 8_400, 250.0, "I bake rye")]


def test_posts_by_handle(put: Any) -> None:
    posts = {
        who: [{"caption": "Rye", "likes": 310, "comments": 12, "timestamp": 1793000000}] for who in ("mara", "ole")
    }
    read = Read(put("a.json", json.dumps(posts)))
    assert [(creator.handle, len(creator.posts)) for creator in read.creators] == [("mara", 1), ("ole", 1)]


def test_a_line_alone_before_the_header_once_more_is_a_heading(put: Any) -> None:
    group = "Name,Handle,Followers\n"
    read = Read(put("a.csv", f"{group}Mara,@mara,8.4K\n,,\nArchive,,\n{group}Ida,@ida,7K\nOle,,\n"))
    assert read.values("display_name") == ["Mara", "Ida", "Ole"]
    assert [(reject.line, reject.found) for reject in read.rejects] == [(4, "Archive"), (5, "Name")]


def test_accounts_that_an_export_could_not_read_are_rejects(put: Any) -> None:
    rows = [{"username": "mara", "followers": 8400}, {"username": "ole", "error": "not_found"}]
    read = Read(put("a.jsonl", [*rows, {"username": "ida", "followers": 7, "error": "partial"}]))
    assert read.values("handle") == ["mara", "ida"]
    assert [(reject.creator_id, reject.found) for reject in read.rejects] == [("ole", "'not_found'")]


def test_whoever_asked_for_a_profile_is_not_whose_it_is(put: Any) -> None:
    media = {"data": [{"caption": "Rye", "like_count": 310, "comments_count": 12, "media_type": "IMAGE", "id": "1"}]}
    profile = {"username": "mara", "followers_count": 8400, "biography": "Rye", "media": media, "id": "178"}
    answers = [{"business_discovery": profile | {"username": who, "id": who}, "id": "17"} for who in ("mara", "ole")]
    for path in (put("a.json", json.dumps(answers[0])), put("b.jsonl", answers), put("c.json", json.dumps(answers))):
        read = Read(path)
        assert read.values("creator_id")[:2] == ["mara", "ole"][: len(read.creators)]
        assert [post.likes for post in read.creators[-1].posts] == [310]


def test_lists_of_accounts_by_type(put: Any) -> None:
    accounts = [
        {"type": "instagram", "handle": "mara", "followers": 8400},
        {"type": "tiktok", "handle": "m", "followers": 9},
    ]
    read = Read(put("a.json", json.dumps({"items": [{"name": "Mara", "socials": accounts}]})))
    assert read.values("creator_id", "display_name") == [("mara@instagram", "Mara"), ("m@tiktok", "Mara")]


def test_posts_that_are_no_lists_stop_the_run(put: Any) -> None:
    rows = "".join(f'{who},8400,"[Post(likes=310)]"\n' for who in ("mara", "ole", "ida"))
    with pytest.raises(InputError, match=r"column posts: none of its cells can be read \(expected lists\)"):
        Read(put("a.csv", f"username,followers,posts\n{rows}"))
