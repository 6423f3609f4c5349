"""Flags as people and exports write them."""

from __future__ import annotations

import re
from typing import Any

from bonafit.io.rows.values import UnreadError
from bonafit.records.messages import shown

_TRUE = (
    "true yes y t on 1 1.0 ja oui sí si sim wahr vrai verdadero verdadeiro vero ya x да evet tak 是 はい 예 네 نعم हाँ ใช่ "
    "✓ ✔ ☑ ✅ 🟢 👍 verified verifiziert vérifié verificado verificato private privat privé privado privato geschlossen closed "
    "locked  已认证 認証済み"
)
_FALSE = (
    "false no n f off 0 0.0 nein non não nao falsch faux falso tidak нет hayır hayir nie nee 否 いいえ 아니요 아니오 لا नहीं ไม่ "
    "✗ ✘ ✕ ✖ × ☐ ❌ ❎ 🔴 👎 unverified public öffentlich publique público pubblico offen open 未认证 未認証"
)
FLAGS = dict.fromkeys(_TRUE.split(), True) | dict.fromkeys(_FALSE.split(), False)
FLAGS |= {"not verified": False, "nicht verifiziert": False, "non vérifié": False, "no verificado": False}
# Marks beside a word say what it says; U+FE0F asks for the emoji's look.
_BESIDE = re.compile(r"[✓✔☑✅✗✘❌❎🔵\ufe0f!.]")


def flag_of(value: Any) -> bool:
    """True or false, in words of many languages, marks, 0 and 1. Raises UnreadError."""
    if isinstance(value, bool):
        return value
    known = None
    if isinstance(value, str):
        word = value.strip().lower().replace("\ufe0f", "")
        known = FLAGS.get(word)
        if known is None:
            known = FLAGS.get(_BESIDE.sub("", word).strip())
    elif isinstance(value, int | float) and value in (0, 1):
        known = bool(value)
    if known is None:
        raise UnreadError(f"found {shown(value)}, expected true or false")
    return known
