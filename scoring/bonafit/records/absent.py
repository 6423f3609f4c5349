"""How absence is spelt in exports and spreadsheets, and records that hold it as absent."""

from __future__ import annotations

import msgspec

# Spellings of "nothing here" in exports and spreadsheets, in lower case.
ABSENT = frozenset((
    "", "-", "--", "---", "–", "—", "?", "n/a", "#n/a", "n.a.", "n.a", "na", "nan", "-nan", "#na", "<na>", "nat",
    "null", "(null)", "none", "nil", "undefined", "k.a.", "k. a.", "s/d", "n/d", "[]", "{}", "not available",
    "not applicable", "unknown", "unbekannt", "inconnu", "desconocido", "desconhecido", "sconosciuto", "no data",
    "not provided", "not set", "keine angabe", "keine angaben", "k.a", "n.v.", "n/v", "nicht verfügbar",
    "nicht vorhanden", "n.c.", "n/c", "non communiqué", "non renseigné", "non disponible", "sin datos", "no disponible",
    "no aplica", "sem dados", "não informado", "não disponível", "n.d.", "non disponibile", "tidak ada",
    "tidak tersedia", "tidak diketahui", "tbd", "tba", "tbc", "#value!", "#ref!", "#div/0!", "#name?", "#null!",
    "#num!", "onbekend", "n.v.t.", "brak danych", "нет данных", "н/д", "неизвестно", "無", "なし", "不明", "无", "暂无",
    "не указан", "не указана", "не указано", "not specified", "unspecified", "nicht angegeben", "no especificado",
    "sin especificar", "non spécifié", "non précisé", "não especificado", "non specificato", "tidak disebutkan",
    "未知", "없음", "미상", "لا يوجد", "غير معروف",
))  # fmt: skip
LONGEST_ABSENT = max(map(len, ABSENT))


def is_absent(value: str) -> bool:
    """Whether a text only spells that there is none."""
    # a text with this much space around three letters has not been seen
    return (len(value) <= LONGEST_ABSENT + 4 and value.strip().lower() in ABSENT) or value.isspace()


def drop_absent(record: msgspec.Struct, names: tuple[str, ...]) -> None:
    """Hold as absent what only spells absence."""
    for name in names:
        value = getattr(record, name)
        if value is not None and is_absent(value):
            msgspec.structs.force_setattr(record, name, None)


def drop_words(record: msgspec.Struct, names: tuple[str, ...]) -> None:
    """The same for texts that are empty, not None, where absent."""
    for name in names:
        value = getattr(record, name)
        if value and is_absent(value):
            msgspec.structs.force_setattr(record, name, "")
