"""Tables as they are put online: names beside handles, counts twice, rates under short names."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from bonafit.cli.inspect import to_fix
from bonafit.errors import InputError
from bonafit.io.encodings import encoding_of
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
    rows = "mara.rye,Mara Rye,1.2M,1234567\nole_b,Ole B,12.5K,12480\nida,Ida,980,980\n"
    table = f"name,instagram name,followers,followers\n{rows}"
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


def test_a_name_with_its_handle_and_platform(put: Any) -> None:
    read = Read(
        put("a.csv", "name,followers\nMara Rye - @mara.rye(instagram),8400\nOle (@ole) [tt],9100\nIda @ home,7\n")
    )
    assert read.values("handle", "display_name") == [("mara.rye", "Mara Rye"), ("ole", "Ole"), (None, "Ida @ home")]


def test_numbers_of_rows_are_nobodys_ids(put: Any) -> None:
    rows = ["1,Mara,IG", "2,Ole,IG", "3,Ida,YT", "1,Rye,IG", "2,Oats,IG", "3,Tea,TikTok"]
    lists = "id,name,platform,followers\n" + "".join(f"{row},8400\n" for row in rows)
    read = Read(put("a.csv", lists))
    assert read.values("creator_id", "platform")[2:5] == [
        ("Ida", "youtube"),
        ("Rye", "instagram"),
        ("Oats", "instagram"),
    ]
    assert "id: numbers the rows of several lists, and is nobody's id" in read.report.assumed
    # one person on two platforms, and a row that stands twice
    same = Read(put("b.csv", "id,name,platform,followers\n1,Mara,IG,8\n1,Mara R,TikTok,9\n2,Ole,IG,9\n2,Ole,IG,9\n"))
    assert same.values("creator_id") == ["1", "1", "2"]


def test_cells_as_json_writes_them(put: Any) -> None:
    rows = '"mara","""2026-05-01T08:00:00Z""","Rye","""340""","""null"""\n'
    read = Read(put("a.csv", f"username,timestamp,caption,likes,views\n{rows}"))
    post = read.creators[0].posts[0]
    assert (post.posted_at.isoformat(), post.likes, post.views) == ("2026-05-01T08:00:00+00:00", 340, None)


@pytest.mark.parametrize("n", [3, 60])
def test_a_table_on_its_side(put: Any, n: int) -> None:
    lines = ["data.username,mara", "data.follower_count,8400", "data.biography,Rye"]
    lines += [f"data.flag_{i},False" for i in range(n)]
    read = Read(put("a.csv", "\n".join([",0", *lines]) + "\n"))
    assert read.values("handle", "followers", "bio") == [("mara", 8_400, "Rye")]


def test_texts_of_somebody_are_posts(put: Any) -> None:
    texts = "caption,username,hashtag\nRye,mara,#bread\nOats,mara,#porridge\nTea,ole,#tea\n"
    assert [len(creator.posts) for creator in Read(put("a.csv", texts)).creators] == [2, 1]
    deals = (
        "Influencer,Plataforma,Título contenido,Likes,Comentarios\nmara,Instagram,Pan,340,7\nmara,Instagram,Té,12,3\n"
    )
    assert [post.title for post in Read(put("b.csv", deals)).creators[0].posts] == ["Pan", "Té"]
    # who lists creators with their means lists creators
    means = "username,title,followers,likes,comments\nmara,Mara Rye,8400,340,7\nole,Ole B,9100,12,3\n"
    assert len(Read(put("c.csv", means)).creators) == 2
    for nobody in ("Caption,Date,Image\nRye,2026-05-01,a.jpg\n", "caption,topic,hashtags\nRye,food,#bread\n"):
        with pytest.raises(InputError, match="no column says who made a post"):
            Read(put("d.csv", nobody))


def test_what_stops_a_run_says_what_would_help(put: Any) -> None:
    def problem(table: str) -> str:
        with pytest.raises(InputError) as caught:
            Read(put("a.csv", table))
        return str(caught.value)

    def rows(cells: str) -> str:
        return "".join(f"{cells.replace('N', str(i))}\n" for i in range(1, 9))

    assert '--map "Audience Total=followers"' in problem("handle,Audience Total\n" + rows("maraN,8400"))
    for column, cell in (
        ("avatar", "https://a.de/N.jpg"),
        ("earned value", "8400"),
        ("Impresiones", "8400"),
        ("age", "30"),
    ):
        told = problem(f"handle,{column}\n" + rows(f"maraN,{cell}"))
        assert "--map COLUMN=followers" in told
        assert "try" not in told
    assert '--map "Wer=handle"' in problem("rank,Wer,followers\n" + rows("N,Mara Rye N,8400"))
    comments = "url,post_id,comment_id,user_name,comment_text\n" + rows("https://a.de/N,N,N,Mara N,Lovely")
    assert "look like comments" in problem(comments)


def test_exact_counts_and_names_of_joined_tables(put: Any) -> None:
    exact = Read(put("a.csv", "handle,followers,followers_int\nmara,32K,32025\nole,9.1K,9104\n"))
    assert exact.values("followers") == [32_025, 9_104]
    joined = Read(put("b.csv", "handle,num_followers_x,num_followers_y,bio\nmara,8400,8300,Rye\n"))
    assert joined.values("followers") == [8_400]
    either = Read(put("c.csv", "handle,Follower/subscriber count,Country or region\nmara,8400,Norway\n"))
    assert either.values("followers", "country") == [(8_400, "no")]
    with pytest.raises(InputError, match="looks like followers"):
        Read(put("d.csv", "handle,followers/likes\nmara,8400\n"))


def test_columns_whose_cells_are_of_another_kind(put: Any) -> None:
    header = "handle,followers,Media,Location,Website\n"
    rows = "mara,8400,0,Malang,https://a.de\nole,9100,0.0555,Batu,\nida,7000,0,Malang,\n"
    read = Read(put("a.csv", header + rows))
    assert read.values("posts_count", "country") == [(None, None)] * 3
    assert not read.report.lost
    assert read.creators[0].extra == {"Media": "0", "Location": "Malang"}
    some = Read(put("b.csv", "handle,followers,Location\nmara,8400,Bergen (Norway)\nole,9100,Oslo\n"))
    assert some.values("country") == ["no", None]


def test_handles_under_a_platforms_name(put: Any) -> None:
    rows = "".join(f"{i},{name},{name.title()},84{i}0\n" for i, name in enumerate(("mara", "oleb", "ida", "rye"), 1))
    read = Read(put("a.csv", f"id,ig,name,followers\n{rows}"))
    assert read.values("creator_id", "handle", "platform")[1] == ("2", "oleb", "instagram")
    flags = "".join(f"{name},{name.title()},yes,8400\n" for name in ("mara", "oleb", "ida", "rye"))
    assert Read(put("b.csv", f"handle,name,ig,followers\n{flags}")).values("handle")[0] == "mara"


def test_posts_by_their_links(put: Any) -> None:
    scraped = [
        {"url": "https://www.instagram.com/mara/reel/C3O5TWtSk4W/", "content": "Rye", "success": True},
        {"url": "https://www.instagram.com/ole/p/C3O5TWtSk5X/", "content": "Oats", "success": True},
    ]
    read = Read(put("a.json", json.dumps(scraped)))
    assert [(creator.handle, creator.posts[0].caption) for creator in read.creators] == [
        ("mara", "Rye"),
        ("ole", "Oats"),
    ]
    link = "https://www.tiktok.com/@mara/video/7590478020134145335"
    videos = [
        {"video_id": "7590478020134145335", "title": "Rye", "upload_date": "20260101", "view_count": 72, "url": link}
    ]
    assert Read(put("b.json", json.dumps({"videos": videos}))).values("handle", "platform") == [("mara", "tiktok")]


def test_videos_with_who_made_them(put: Any) -> None:
    video = {
        "id": "7511557377447988536",
        "desc": "Rye #bread",
        "createTime": 1_780_000_000,
        "contents": [{"desc": "Rye", "textExtra": []}],
        "author": {"id": "66", "uniqueId": "mara", "nickname": "Mara", "signature": "Bakes"},
        "authorStats": {"followerCount": 8400, "videoCount": 12},
        "stats": {"diggCount": 340, "commentCount": 7, "playCount": 9100},
        "video": {"id": "7511557377447988224", "duration": 31},
    }
    read = Read(put("a.json", json.dumps([video, video | {"id": "7511557377447988537", "desc": "Oats"}])))
    assert read.values("handle", "followers", "posts_count") == [("mara", 8_400, 12)]
    assert [(post.caption, post.likes, post.views) for post in read.creators[0].posts] == [
        ("Rye #bread", 340, 9_100), ("Oats", 340, 9_100)
    ]  # fmt: skip
    table = "Video URL,Video Caption,Author Username,Follower Count,n_likes,video_time,video_length\n"
    rows = "https://www.tiktok.com/@mara/video/1234,Rye,mara,8400,340,1780000000,31\n"
    post = Read(put("b.csv", table + rows)).creators[0].posts[0]
    assert (post.caption, post.likes, post.duration_seconds, post.posted_at is None) == ("Rye", 340, 31, False)


def test_channels_by_name_with_their_videos(put: Any) -> None:
    videos = [{"title": "Rye", "video_id": "v1", "views": "觀看次數：110,933 次", "publish_time": "2026-05-01"}]
    channels = {name: {"channel_name": name, "videos": videos} for name in ("Mara", "Ole B")}
    read = Read(put("a.json", json.dumps(channels)))
    assert read.values("display_name") == ["Mara", "Ole B"]
    assert [creator.posts[0].views for creator in read.creators] == [110_933, 110_933]


def test_a_cell_of_json_beside_plain_ones(put: Any) -> None:
    cell = json.dumps({"name": "Mara Rye", "biography": "Bakes in Oslo", "website": ""}).replace('"', '""')
    read = Read(put("a.csv", f'username,metadata,followers\nmara,"{cell}",8400\n'))
    assert read.values("display_name", "bio", "external_url") == [("Mara Rye", "Bakes in Oslo", None)]


def test_comments_with_a_post_between_are_no_creators(put: Any) -> None:
    rows = [{"user_name": f"u{i}", "comment_text": "Lovely"} for i in range(30)]
    with pytest.raises(InputError, match="look like comments"):
        Read(put("a.json", json.dumps([{"post_text": "Rye", "page_name": "Bakery", "comments": []}, *rows])))


def test_forms_and_words_of_other_languages(put: Any) -> None:
    form = "Nome do influencer,Qual o @ (identifica a rede),Seguidores\nMara Rye,@mara,8.400\nOle,@ole,9.104\n"
    assert Read(put("a.csv", form)).values(*WHO)[0] == ("mara", "Mara Rye", 8_400)
    russian = "Название,Ссылка,Подписчики,Всего видео,Язык\nХлеб,https://www.youtube.com/@mara,8400,12,Не указан\n"
    read = Read(put("b.csv", russian))
    assert read.values("display_name", "handle", "posts_count", "language") == [("Хлеб", "mara", 12, None)]
    assert not read.report.lost


def test_the_platform_of_posts_by_their_links(put: Any) -> None:
    rows = (
        "https://www.instagram.com/p/CrZxnuyocmZ/,mara,Rye,340\nhttps://www.instagram.com/p/CqnyK7BrlQm/,ole,Oats,12\n"
    )
    read = Read(put("a.csv", f"Link,Username,Description,Likes\n{rows}"))
    assert read.values("creator_id", "platform") == [("mara@instagram", "instagram"), ("ole@instagram", "instagram")]
    mixed = rows + "https://www.tiktok.com/@ida/video/7590478020134145335,ida,Tea,12\n"
    assert Read(put("b.csv", f"Link,Username,Description,Likes\n{mixed}")).values("platform") == [None, None, None]


def test_a_recorded_visit(put: Any) -> None:
    def entry(text: str, **more: Any) -> dict[str, Any]:
        return {"request": {"url": "https://x.example"}, "response": {"content": {"text": text, **more}}}

    user = {"username": "mara", "biography": "Rye", "edge_followed_by": {"count": 8400}}
    other = base64.b64encode(json.dumps({"user": {"username": "ole", "follower_count": 9104}}).encode()).decode()
    entries = [entry("<html>"), entry(json.dumps({"data": {"user": user}})), entry(other, encoding="base64")]
    read = Read(put("a.har", json.dumps({"log": {"version": "1.2", "creator": {"name": "Web"}, "entries": entries}})))
    assert read.values("handle", "followers") == [("mara", 8_400), ("ole", 9_104)]


def test_one_accent_of_an_old_mac() -> None:
    for text in ("Cocina de Espana: niña", "con el corazón", "mañana", "dos canciones y una canción", "Ägypten"):
        data = text.encode("mac_roman")
        assert data.decode(encoding_of(data, whole=True)) == text
    for text in ("the best mum—of—two", "pages 3–4", "day—night", "Asia–Africa"):
        data = text.encode("cp1252")
        assert data.decode(encoding_of(data, whole=True)) == text


def test_ranges_of_counts_are_absent_and_told(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,bio\nmara,8400,Rye\nole,50k-100k,Oats\n"))
    assert read.values("followers") == [8_400, None]
    assert read.report.lost["followers"].reason.endswith("a range is no count, write one")


def test_counts_with_decimals_ask_for_their_unit(put: Any) -> None:
    read = Read(put("a.csv", "handle,Follower,bio\nmara,15.4,Rye\nole,0.9,Oats\nida,7,Tea\n"))
    assert read.values("followers") == [None, None, 7]
    assert "Followers (M)" in read.report.lost["Follower"].reason
    millions = Read(put("b.csv", "handle,Follower (M),bio\nmara,15.4,Rye\nole,0.9,Oats\n"))
    assert millions.values("followers") == [15_400_000, 900_000]


def test_numbered_categories(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,Category_1,Category_2\nmara,8400,Food,Family\n"))
    assert (read.values("category"), read.creators[0].extra["Category_2"]) == (["Food"], "Family")
