"""Competitors by name: every spelling that people use, and no word taken for a brand."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import pytest

from bonafit.commercial.brands import brand_of
from bonafit.commercial.names import find_brand
from bonafit.commercial.reading import read_post
from bonafit.records import Post

NAMED = [
    ("Nivora", "love my nivora cream"),
    ("Nivora", "NIVORA!!"),
    ("Nivora", "Nivoras neue Creme"),
    ("Nivora", "Nivora'nın yeni kremi"),
    ("Nivora", "@nivora_de rocks"),
    ("Nivora", "@nivora.official"),
    ("Nivora", "@theofficialnivora"),
    ("Nivora", "#mynivoraroutine"),
    ("Nivora", "#NivoraPartner"),
    ("Nivora", "see nivora.com/serum"),
    ("@nivora", "𝓝𝓲𝓿𝓸𝓻𝓪 forever"),
    ("nivora.com", "my new Nivora serum"),
    ("Vel Lune", "#vellune"),
    ("vellune", "the new Vel-Lune mask"),
    ("L'Évane", "l’evane ist toll"),
    ("L'Évane", "@levaneparis, merci @levane"),
    ("ニヴォラ", "今日はニヴォラを使う"),
    ("Nivora|ニヴォラ", "今日はニヴォラを使う"),
    ("Нивора", "крем Нивора хорош"),
    ("Target", "@target has it"),
    ("Target", "#TargetPartner"),
    ("Target", "deals at target.com"),
    ("Target", "so I went to Target today"),
    ("The Ordinary", "a serum by The Ordinary for me"),
    ("Q&Z", "Q&Z haul"),
    ("On", "@on_running"),
    ("Nüvora", "@nuevora_de"),
    ("Nüvora", "bei Nüvora gekauft"),
    ("The Body Shop", "#thebodyshop"),
    ("Nivora", "nivorabeauty glow"),
    ("Nivora", "前に買ったNivoraがなくなった"),
    ("Нивора", "с Ниворой кожа мягкая"),
    ("Нивора", "Нивору люблю"),
    ("Nivora", "Niworę nie, Nivorę kocham"),
    ("हिमानी", "हिमानी का फेसवॉश"),
    ("Natura", "hoje testei o creme da Natura em casa"),
    ("Merci", "@merci"),
    ("Merci", "#merciPartner"),
    ("小米", "@小米"),
    ("Red Bull", "redbull gives wings"),
    ("e.l.f.", "my e.l.f. primer"),
    ("Dove", "#dovecosmetics"),
    ("Nivora", "@nivoraparis"),
    ("Nivora", "#nivoraxanna"),
    ("Nike", "#mynikeshoes"),
    ("Oak & Tide's", "a tub of Oak and Tide's"),
    ("Oak & Tide's", "#oakandtides"),
]
NOT_NAMED = [
    ("Uber", "über den Wolken"),
    ("Nivora-B", "the nivora b2 course"),
    ("Target", "on target today"),
    ("Target", "Target practice at noon"),
    ("Target", "#target"),
    ("Target", "WE HIT THE TARGET AGAIN"),
    ("Gap", "mind the gap"),
    ("Coach", "my coach said so"),
    ("Apple", "apple pie"),
    ("The Ordinary", "it was the ordinary day"),
    ("Nars", "the seminars were long"),
    ("Avene", "#ravenelove #havenergy"),
    ("Nivora", "@nivorath and @annivora"),
    ("Ring", "Der Ring ist schön und die Hand auch"),
    ("Q&Z", "q and z"),
    ("On", "On Monday, turn it on"),
    ("dm", "dm me for info"),
    ("Alpro", "@alprose"),
    ("Zara", "Zarah sings"),
    ("Persil", "persil et citron"),
    ("Merci", "merci beaucoup"),
    ("Natura", "la natura è bella"),
    ("Haus", "zuhause am see #haus"),
    ("Bonne Maman", "une bonne maman"),
    ("Мир", "мир и любовь"),
    ("光", "阳光很好"),
    ("小米", "小米粥真好喝"),
    ("e.l.f.", "elf on the shelf"),
    ("Nars", "#seminars"),
    ("Нивора", "ниворит"),
    ("Nivea", "a new nivel"),
]


@pytest.mark.parametrize(("brand", "caption"), NAMED)
def test_every_spelling_is_found(brand: str, caption: str) -> None:
    assert find_brand(brand_of(brand), read_post(Post(caption=caption)))


@pytest.mark.parametrize(("brand", "caption"), NOT_NAMED)
def test_no_word_is_taken_for_a_brand(brand: str, caption: str) -> None:
    assert find_brand(brand_of(brand), read_post(Post(caption=caption))) == ()


def test_a_thousand_common_words_are_no_brands() -> None:
    words = files("bonafit.text").joinpath("words.txt").read_text(encoding="utf-8").split()
    common = [word for word in words if len(word) > 2][:1000]
    lines = [" ".join(common[i : i + 40]) + f". {common[i].title()} #{common[i]}" for i in range(0, 1000, 40)]
    readings = [read_post(Post(caption=line)) for line in lines]
    hits = [
        (word, match)
        for i, word in enumerate(common)
        for match in find_brand(brand_of(word.title()), readings[i // 40])
    ]
    assert hits == []


def test_a_thousand_common_words_hold_no_made_up_brand() -> None:
    words = files("bonafit.text").joinpath("words.txt").read_text(encoding="utf-8").split()[:1000]
    reading = read_post(Post(caption=" ".join(words) + " " + " ".join(f"#{a}{b}" for a, b in pairwise(words))))
    for name in ("Nivora", "Vel Lune", "Oak & Tide", "Brightloom", "Zenko", "H&M", "Nike", "L'Oréal"):
        assert find_brand(brand_of(name), reading) == (), name
