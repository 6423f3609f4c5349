"""The categories of brand safety: what counts and what does not, after the field's common floor and suitability lists.

A post counts where it promotes, sells, celebrates or does what the category names; who reports on it, jokes about it,
warns of it or tells how they got away from it is shown apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from bonafit.records import SafetyFloors


@dataclass(frozen=True)
class Category:
    """One category. name : a field of bonafit.records.SafetyFloors. label : for people.

    said : whether the text itself is the harm (a slur), so that no stance is asked.
    """

    name: str
    label: str
    counts: str
    not_counts: str
    said: bool = False


CATEGORIES: tuple[Category, ...] = (
    Category(
        "adult",
        "adult content",
        "sexual content for sale or show: pornography, paid subscriptions to it, escorts, sex toys advertised",
        "sex education, medical advice, breastfeeding, art, underwear and swimwear as fashion",
    ),
    Category(
        "arms",
        "arms and ammunition",
        "firearms, ammunition, knives and explosives as weapons: sold, shown off, how to get or make them",
        "kitchen knives, cosplay and games, museums, sport such as biathlon as news, calls for gun control",
    ),
    Category(
        "crime",
        "crime",
        "how to steal, forge, hack, smuggle or launder, or praise of it; stolen and forged goods for sale",
        "true crime told, news, prevention, crime novels and films",
    ),
    Category(
        "injury",
        "death, injury and violence",
        "violence, self-harm or cruelty shown for its own sake, threatened or praised",
        "mourning, memorials, medical recovery, contact sports, news of an accident",
    ),
    Category(
        "hate",
        "hate and harassment",
        "contempt, threats or slurs against people for who they are: origin, religion, sex, orientation, disability",
        "those who quote and refuse it, members of a group speaking of themselves, criticism of an idea or a state",
        said=True,
    ),
    Category(
        "profanity",
        "profanity and insults",
        "obscene words and coarse insults",
        "mild exclamations; words that are obscene in another language only",
        said=True,
    ),
    Category(
        "drugs",
        "illegal drugs",
        "drugs sold, shown, praised or explained for use, cannabis too: its law differs by market",
        "medicine, hemp cosmetics and textiles, recovery, news, drug policy",
    ),
    Category(
        "alcohol",
        "alcohol",
        "alcoholic drinks sold, recommended or celebrated",
        "alcohol in cosmetics and cleaning, alcohol-free drinks, sobriety, warnings",
    ),
    Category(
        "tobacco",
        "tobacco and vaping",
        "cigarettes, cigars, snus, shisha, vapes sold, shown with pleasure or recommended",
        "quitting, warnings, vetiver and tobacco as a scent or a colour",
    ),
    Category(
        "scams",
        "spam and scams",
        "money for nothing, fake giveaways, bought followers, pyramid selling, forged reviews",
        "warnings of scams, honest giveaways, affiliate links to real shops",
    ),
    Category(
        "terrorism",
        "terrorism",
        "praise of or recruiting for terrorist groups and attacks",
        "news, remembrance, history, condemnation",
    ),
    Category(
        "politics",
        "sensitive politics",
        "campaigning for or against parties, candidates and positions that divide a country",
        "calls to vote, civic information, company politics, news without a side",
    ),
    Category(
        "gambling",
        "gambling",
        "casinos, betting, slots, poker for money, lotteries: bonuses, codes, tips, winnings",
        "casino as a film, place or style, board games, gambling debts and help, news",
    ),
    Category(
        "crypto",
        "crypto promotion",
        "coins, tokens, trading signals and platforms recommended, or returns promised",
        "technology explained, news, losses and warnings",
    ),
    Category(
        "medical",
        "diet and medical claims",
        "miracle cures, fast weight loss, detox, starving, supplements that heal, drugs sold without a doctor",
        "balanced food, training, doctors' advice, recovery from an eating disorder, body acceptance",
    ),
    Category(
        "conspiracy",
        "conspiracy and disinformation",
        "secret plans told as true: vaccines, climate, elections, elites, flat earth",
        "fact checks, satire, novels, mystery as entertainment",
    ),
)
NAMES: tuple[str, ...] = tuple(category.name for category in CATEGORIES)
LABELS: dict[str, str] = {category.name: category.label for category in CATEGORIES}
SAID = frozenset(category.name for category in CATEGORIES if category.said)

if SafetyFloors.__struct_fields__ != NAMES:
    raise ImportError("the categories of safety and the floors of a brief differ; every category has its floor")
