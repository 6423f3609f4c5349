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
