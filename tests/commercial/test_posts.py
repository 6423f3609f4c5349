"""What posts are: labels, codes, links, thanks; what only sounds like an ad; who paid."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bonafit.commercial.labels import find_labels
from bonafit.commercial.posts import judge_post
from bonafit.commercial.reading import read_post
from bonafit.records import Post

DECLARED = [
    "Loving this serum #ad",
    "AD | my morning with @nivora",
    "[Werbung] neue Creme",
    "Anzeige\nHeute zeige ich euch etwas",
    "Collaboration commerciale avec @nivora",
    "Publicité : je teste une crème",
    "en colaboración con @nivora hoy",
    "#pubblicità nuovo siero di @nivora",
    "adv @nivora nuovo siero",
    "Betaalde samenwerking met @nivora",
    "Współpraca reklamowa z @nivora",
    "#publi novo sérum",
    "#iklan serum baru",
    "Reklam | ny kräm från @nivora",
    "Реклама. Новый крем",
    "#광고 새로운 세럼",
    "本投稿はタイアップ投稿です",
    "विज्ञापन: नया सीरम",
    "#إعلان كريم جديد",
    "This video is sponsored by Nivora",
    "𝗔𝗱 | my morning",
    "new serum #NivoraPartner",
    "new serum #nivora_ad",
    "thank you! (gifted)",
]
HINTED = [
    "use my code MARR25 for 25% off",
    'mit Code "anna10" spart ihr bei @nivora',
    "промокод VERA20 на скидку",
    "クーポン NIVO10 で",
    "get it here https://amzn.to/3xyz",
    "my link https://nivora.com/serum?ref=anna",
    "thanks @nivora for sending me this",
    "danke @nivora für die Einladung",
    "teaming up with @nivora this week",
]
NEITHER = [
    "와인과 협찬 없는 일상",
    "和朋友合作完成了拼图",
    "We współpracy z przedszkolem",
    "Werbung, die nervt: heute mal was anderes",
    "reklama mnie irytuje",
    "Ad campaigns are dull",
    "my ad on TV was funny",
    "not sponsored, just love it",
    "#notsponsored #notanad",
    "Unbezahlte Werbung | einfach toll",
    "this is not an ad",
    "#gympartner #lifepartner #traveladdict",
    "dress code BLACK TIE",
    "I code every day in PYTHON and write code in C99 too",
    "a partner for life",
    "ad astra per aspera",
    "thanks @mum for everything",
    "20 % of people skip breakfast",
]


@pytest.mark.parametrize("caption", DECLARED)
def test_a_post_that_says_so_is_declared(caption: str) -> None:
    judged = judge_post(Post(caption=caption))
    assert judged is not None
    assert judged.kind == "declared", judged.labels
    assert judged.signs


@pytest.mark.parametrize("caption", HINTED)
def test_a_post_that_speaks_of_a_deal_is_hinted(caption: str) -> None:
    judged = judge_post(Post(caption=caption))
    assert judged is not None
    assert judged.kind == "hinted", (judged.labels, judged.hints)


@pytest.mark.parametrize("caption", NEITHER)
def test_what_only_sounds_like_it_is_neither(caption: str) -> None:
    judged = judge_post(Post(caption=caption))
    assert judged is not None
    assert judged.kind is None, judged.signs


@pytest.mark.parametrize(
    ("what", "kinds"), [("declared", {"declared"}), ("hinted", {"hinted", "declared"}), ("neither", {None})]
)
def test_captions_in_many_ways_of_saying_it(what: str, kinds: set[str | None]) -> None:
    cases = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))[what]
    judged = {caption: judge_post(Post(caption=caption)) for caption in cases}
    assert [caption for caption, post in judged.items() if post is None or post.kind not in kinds] == []


def test_flags_titles_tags_and_transcripts_are_read() -> None:
    for post in (
        Post(caption="a walk", is_sponsored=True),
        Post(is_sponsored=True),
        Post(caption="a walk", tags=("ad",)),
        Post(title="Werbung: ein Spaziergang", caption="a walk"),
        Post(caption="a walk", transcript="hello. this video is sponsored by nivora."),
    ):
        judged = judge_post(post)
        assert judged is not None
        assert judged.kind == "declared", post
    assert judge_post(Post(likes=3)) is None
    assert judge_post(Post(is_sponsored=False)).kind is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("caption", "payers"),
    [
        ("Paid partnership with Nivora. Winter is here", ["nivora"]),
        ("Ad | my morning with Zelvora cream", ["zelvora"]),
        ("Gesponsert von Dr. Zelvora. Backen im Herbst", ["drzelvora"]),
        ("Ad: a weekend with Jake and Mum", []),
        ("Code promo LEA15 sur Zelvora", ["zelvora"]),
        ("#ad morning with @nivora_de #nivora", ["nivora"]),
        ("new serum #NivoraPartner, photo by @tomas", ["nivora"]),
        ("#ad with my friend, shot by @tomas, cream @nivora", ["nivora"]),
        ("Werbung in Zusammenarbeit mit Nivora: meine Creme", ["nivora"]),
        ("Partenariat rémunéré avec Oak & Tide", ["oaktide"]),
        ("Tchibo iş birliği ile hazırladım", ["tchibo"]),
        ("ニヴォラ様よりご提供いただきました", ["ニウォラ"]),
        ("Gracias a Nivora por el envío de este regalo", ["nivora"]),
        ("В сотрудничестве с Nivora", ["nivora"]),
        ("与妮沃拉合作，分享护肤流程", ["妮沃拉"]),
        ("code NIVORA10 at https://www.nivora.com/serum", ["nivora"]),
        ("sunset #vellune #ad", ["vellune"]),
        ("Anzeige: Nivora bringt Farbe ins Bad", ["nivora"]),
        ("Anzeige | Nivora und ich", ["nivora"]),
        ("Anzeige: Frühstück mit Oma", []),
        ("Ad: Nivora makes mornings easier", ["nivora"]),
        ("Ad: Breakfast makes mornings easier", []),
        ("W współpracy z Nivora: mój poranek", ["nivora"]),
        ("Współpraca: Nivora", ["nivora"]),
        ("Nivora 협찬 리뷰입니다", ["nivora"]),
        ("협찬: 니보라 세럼", ["니보라"]),
        ("和 Nivora 合作的新视频", ["nivora"]),
        ("感谢Nivora品牌的支持", ["nivora"]),
        ("【PR】Nivoraの新しいクリーム", ["nivora"]),
        ("Реклама: Nivora в моей ванной", ["nivora"]),
        ("Merci à Nivora de soutenir cette vidéo", ["nivora"]),
        ("Nivora'nın katkılarıyla", ["nivora"]),
        ("Интеграция с Nivora", ["nivora"]),
        ("Wpis powstał przy wsparciu marki Nivora", ["nivora"]),
        ("この投稿はNivoraの提供です", ["nivora"]),
        ("إعلان مدفوع لصالح Nivora", ["nivora"]),
        ("#ad", []),
        ("#ad by @anna", []),
    ],
)
def test_who_paid(caption: str, payers: list[str]) -> None:
    judged = judge_post(Post(caption=caption), frozenset({"anna"}))
    assert judged is not None
    assert [party.key for party in judged.payers] == payers


def test_places_are_those_of_the_text() -> None:
    reading = read_post(Post(caption="Straße 🌿 im Regen #Werbung", title="Tag 1"))
    [label] = find_labels(reading)
    assert reading.folded[label.at :].startswith("#werbung")
    assert reading.folded[reading.caption :].startswith("strasse")
