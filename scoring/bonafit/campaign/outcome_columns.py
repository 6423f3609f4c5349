"""The columns of a table of outcomes: what agencies call them, and how their numbers are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bonafit.io.rows.names import field_of, plain
from bonafit.io.rows.values import NumberFormat, number_format
from bonafit.records import Creator, Post

# What only outcomes have, by the names it goes by; counts of posts and names of creators go by those of `io.rows`.
NAMES = {
    "impressions": "impression, impressionen, impresiones, impressioni",
    "reach": "reichweite, portee, alcance, copertura",
    "engagements": "engagement, interactions, interaktionen, interacciones",
    "clicks": "click, klicks, klick, link clicks, linkklicks, swipe ups, clics, cliques",
    "codes": "code uses, codes used, redemptions, einlosungen, code einlosungen",
    "conversions": "conversion, orders, sales, purchases, bestellungen, kaufe, ventes, ventas, pedidos",
    "revenue": "umsatz, sales value, order value, turnover, chiffre d affaires, ingresos, fatturato",
    "cost": "kosten, costs, spend, paid, fee, honorar, price, preis, cout, coste, costo",
    "tagged": "markiert, verlinkt, brand tagged",
    "disclosed": "gekennzeichnet, kennzeichnung, labelled, labeled, disclosure",
    "worth_repeating": "book again, wieder buchen, rebook",
}
OWN = {plain(name): field for field, names in NAMES.items() for name in names.split(",")}
OF_POST = ("post_id", "likes", "comments", "views", "shares", "saves")
OF_CREATOR = {"creator_id": "creator_id", "handle": "handle", "account": "handle", "profile_url": "handle"}
OF_CREATOR["currency"] = "currency"


def fields_of(columns: Iterable[str], exact: Sequence[str]) -> dict[str, str]:
    """The field of every column that is known, by column; of two for one field that which comes first.

    exact : names of fields, which win over what else a name may mean.
    """
    columns, out = list(columns), dict[str, str]()
    for lookup in (lambda column: next((name for name in exact if plain(name) == plain(column)), None), _meant):
        for column in columns:
            field = lookup(column)
            if field is not None and column not in out and field not in out.values():
                out[column] = field
    return out


def _meant(column: str) -> str | None:
    if (own := OWN.get(plain(column))) is not None:
        return own
    of_post, of_creator = field_of(Post, column), field_of(Creator, column)
    if of_post is not None and of_post[0] in OF_POST:
        return of_post[0]
    return None if of_creator is None else OF_CREATOR.get(of_creator[0])


def formats_of(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, whole: Sequence[str]
) -> dict[str, NumberFormat]:
    """How the numbers of every column are written, from all of its cells. whole : columns that count."""
    return {
        name: number_format((cell for row in rows if isinstance(cell := row.get(name), str)), name, whole=name in whole)
        for name in names
    }
