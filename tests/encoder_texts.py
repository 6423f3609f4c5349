"""Invented texts for the encoder's tests: seeded combinations, nobody's captions."""

from __future__ import annotations

import random
from pathlib import Path

# fmt: off
WORDS = [
    "morning", "coffee", "routine", "vegan", "ramen", "marathon", "training", "lipstick", "swatch", "thrifted", "denim",
    "handmade", "pottery", "glacier", "hike", "budget", "travel", "unboxing", "skincare", "serum", "retinol",
    "sourdough", "starter", "puppy", "adoption", "vintage", "vinyl", "home", "office", "setup",
]
EMOJI = ["😀", "😍🔥", "✨", "👩🏽‍🍳", "🏳️‍🌈", "❤️", "🇧🇷", "👨‍👩‍👧", "☕️"]
TAGS = ["#cleanbeauty", "#OOTD", "#run4fun", "#CaféDelMar", "#ad", "#日常", "#تصوير"]
SCRIPTS = [
    "صباح الخير يا أصدقاء، اليوم نجرب قهوة جديدة",
    "בוקר טוב לכולם, היום אני אופה לחם",
    "今日は新しいカフェに行きました、とても美味しかった",
    "오늘은 새로운 운동 루틴을 시작했어요",
    "今天我们去爬山，风景很美",
    "Сегодня готовим борщ по рецепту бабушки",
    "आज हम घर पर मिठाई बनाएंगे",
    "Olá! Hoje tem receita de pão de queijo",
    "วันนี้เราไปตลาดเช้ากัน",
]
EDGES = [
    "", " ", "\n\t", "a", "!", "...", "😀", "#", "@someone", "http://example.com/a?b=c", "\u200b\u200d\ufeff",
    "\u0000abc", "e\u0301clair", "ﬁne ｆｕｌｌ ｗｉｄｔｈ", "[CLS] [SEP] [MASK]", "##ing", "A" * 101, "a" * 5000,
    "word " * 1000, "日" * 5000, "😀" * 1250, "\u202eabc\u202c", "né" * 2500, "\r\n" * 50 + "end",
]
# fmt: on


def invented_texts(count: int, *, seed: int = 0) -> list[str]:
    """Edge cases first, then mixed captions of 1 to 20 pieces, one in ten up to 80."""
    draw = random.Random(seed)

    def piece() -> str:
        kind = draw.random()
        if kind < 0.7:
            return draw.choice(WORDS)
        return draw.choice(draw.choice((EMOJI, TAGS, SCRIPTS, ["!", "…", "50%", "@friend", "\n"])))

    captions = (
        " ".join(piece() for _ in range(draw.randint(1, 80 if draw.random() < 0.1 else 20)))
        for _ in range(count - len(EDGES))
    )
    return [*EDGES, *captions]


def published_minilm(repository: Path) -> Path:
    """The directory of the committed serving encoder."""
    (folder,) = (repository / "models" / "encoders").glob("all-MiniLM-L6-v2-*")
    return folder
