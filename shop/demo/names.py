"""Names for the big demo, made from lists of words. As in real data, some words are far more common.

Common words are first in each list and are drawn most often, so that a search for a few letters
finds very many rows, and a search for a rare word few. People, firms, streets and makers are invented.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple


def _split_words(text: str) -> list[str]:
    return text.split()


GIVEN = _split_words("""
Maria Anna Martin Thomas Peter Sofia Michael Emma Daniel Laura David Marie Mohammed Julia Andreas Eva Lucas
Nina Jan Sarah Paul Clara José Hannah Max Elena Oliver Alice Anton Lea Mark Zoë James Amélie Stefan Marta
Jonas Chloë Ali Ines Simon Ida George Nora Felix Amira Robert Agnès Karl Olga Victor Françoise Leon Fatima
Björn Grace Mateo Katarzyna Samuel Renée Ahmed Lucía Philip Ewa João Miriam Emil Beatriz Hugo Zofia Łukasz
Mei Sean Noémie Oscar Priya Jürgen Yasmin Niamh Pavel Astrid Kwame Élise Thanh Ivana Søren Dolores Tomáš
Leïla Rafael Ingrid Çağla Freya Siobhán Dmitri Ayşe Gunnar Xenia Raúl Ulrike Ciarán Wanda İpek Quentin Þóra
Vasile Eleni Øyvind Zsófia Ikechukwu Małgorzata Ngozi Jørn Maëlys
""")

SURNAMES = _split_words("""
Müller Martin Smith García Novak Nguyễn Jones Rossi Schmidt Silva Kowalski Dubois Williams Jansen Brown
Fernández Andersson Kim Meyer Murphy López Wagner Taylor Bernard Chen Horváth Hansen Walker Moreau Becker
Kelly Martínez Mensah Svensson Wright Papadopoulos Hoffmann Singh Lefèvre Green Ahmed Popescu Virtanen Weiß
Robinson Wójcik Costa Berg Lindström Rahman Evans Maier Kovács Petit Muñoz Okafor Fischer Dvořák Clarke
Yılmaz Groß Marchetti O'Brien Conceição Haddad Baker Schäfer Järvinen Delorme Santos Mazur Åkesson Hughes
Tanaka Krüger Gonçalves Whitfield Ivanova Bailey Jørgensen Peña Olsson McCarthy Vogel Šimić Natarajan
Fontaine Kaya Mitchell Björk Öztürk Marlowe Castañeda Król Macdonald Čermák Bálint Mbeki Łaski Ærø Zieliński
Ystad Đorđević Quist Ünal Xu
""")

#: Beginnings and ends of surnames that hardly anybody has.
RARE = (
    "Alder Black Brun Cold Dray Elm Fern Gild Harrow Holm Ivel Kestrel Lang Marsh Nether Oster Pell Quarr",
    "beck bourne by dahl eck field gate halter ingham kvist lund meer mont nagel quay rath stead thwaite vik",
)

STREETS = _split_words("""
High Mill Church Station Market Garden Bridge Park School Orchard Harbour Castle Vine Quay Abbey Linden Well
Weaver Fountain Meadow
""")
WAYS = _split_words("""
Street Lane Road Row Close Hill Square Court
""")
FIRMS = ("{} & Sons", "Café {}", "{} Bakery", "Hotel {}", "{} Architects", "{} Travel", "Garage {}")

COLOURS = _split_words("""
blue white black green red grey natural brown sea-green cream yellow ochre rose indigo copper lilac petrol
bone vermilion
""")
#: Makers of goods: a beginning and an end.
MAKERS = (
    "Mar Vel Bel Nor Al Tor Lin Cas Fen Or Sal Kel Ul Ver Hol Ber Zan Ost Ry Qui",
    "mora wick dale ano stad ellis ford une gård ida borg enne stone eau ström ita ham ové ax ýr",
)


class Range(NamedTuple):
    """A range of products: their looks, materials and sizes, and each name with its usual price."""

    looks: Sequence[str]
    materials: Sequence[str]
    sizes: Sequence[str]
    goods: Sequence[tuple[str, float]]


def _parse_range(looks: Sequence[str], materials: str, sizes: str, goods: str) -> Range:
    prices = (entry.rsplit(" ", 1) for entry in goods.split(", "))
    priced = [(name, float(price)) for name, price in prices]
    return Range(looks, materials.split(", "), sizes.split(", "), priced)


RANGES = (
    _parse_range(
        COLOURS,
        "stoneware, enamel, steel, glass, porcelain, cast iron, bamboo, hammered copper",
        "0.4 l, 1 l, set of two, 24 cm, 0.25 l, 28 cm, 1.5 l, set of six, 2 l, 32 cm, 4.8 l",
        "mug 9, bowl 14, plate 12, jug 24, teapot 32, kettle 45, frying pan 42, saucepan 48, carafe 22, "
        "casserole 89, tray 27, egg cup 5, butter dish 19, mortar 34, samovar 310",
    ),
    _parse_range(
        COLOURS,
        "cotton, linen, wool, felt, organic cotton, velvet, mohair, hemp",
        "small, medium, large, 50 × 70 cm, pair, 140 × 200 cm, extra large",
        "towel 13, cushion 25, blanket 69, apron 28, tablecloth 49, scarf 32, bag 12, curtain 74, napkin 6, "
        "rug 140, bathrobe 85, oven mitt 11, hammock 119",
    ),
    _parse_range(
        COLOURS,
        "oak, beech, willow, walnut, maple, cork, reclaimed pine, ebony",
        "30 cm, small, 45 cm, large, 60 cm, 120 cm, folding",
        "board 24, basket 29, spoon 6, shelf 79, stool 65, box 18, coat hook 15, bookend 22, ladder 95, "
        "chest 180, rocking chair 349",
    ),
    _parse_range(
        COLOURS,
        "recycled, squared, plain, ruled, laid, marbled, handmade",
        "A5, A4, A6, box of 12, single, pack of 50, A3",
        "notebook 7, card 2.5, envelope 1.2, sketchbook 12, calendar 16, wrapping paper 2, folder 5, "
        "album 28, postcard 1.5, bookmark 2.2, guest book 36",
    ),
    _parse_range(
        _split_words("organic fine mild dark wild aged"),
        "lavender, olive oil, mint, honey, rosemary, beeswax, lemon, juniper, bergamot",
        "100 g, 250 g, 500 g, 20 bags, 1 kg, 30 ml, 340 g, 75 cl",
        "soap 4.5, candle 8, tea 6, jam 4.8, chocolate 3.5, coffee 9, syrup 7.5, salt 3, vinegar 8, "
        "hand cream 11, biscuits 4.2, balm 6.8, perfume 64",
    ),
)


def add_up_weights(ranks: Sequence[int], exponent: float, head: float) -> "array[float]":
    """Returns the sums of weights (rank + head) ** -exponent for `random.choices`. Rank 0 is commonest."""
    return array("d", accumulate((rank + head) ** -exponent for rank in ranks))


def draw_word(random: Random, words: Sequence[str]) -> str:
    """Returns one of the words, the first ones more often: the n-th with a weight of about 1/(n + 3)."""
    return words[int(3 * ((len(words) + 3) / 3) ** random.random()) - 3]


def draw_compound(random: Random, parts: tuple[str, str]) -> str:
    """Returns a beginning and an end joined to one word. There are hundreds of such words."""
    first, last = (part.split() for part in parts)
    return draw_word(random, first) + random.choice(last)


def draw_customer_name(random: Random) -> str:
    """Returns the name of a person or, rarely, of a firm."""
    surname = draw_word(random, SURNAMES) if random.random() < 0.85 else draw_compound(random, RARE)
    kind = random.random()
    if kind < 0.04:
        return random.choice(FIRMS).format(surname)
    if kind < 0.07:
        surname += f"-{draw_word(random, SURNAMES)}"
    given = draw_word(random, GIVEN)
    return f"{given} {draw_word(random, GIVEN)} {surname}" if kind > 0.96 else f"{given} {surname}"


def draw_address(random: Random) -> str:
    """Returns a number and a street; empty for every third customer."""
    if random.random() < 1 / 3:
        return ""
    return f"{random.randint(1, 120)} {draw_word(random, STREETS)} {draw_word(random, WAYS)}"


def draw_product(random: Random) -> tuple[str, str, float]:
    """Returns a product's name, the letters that its SKU begins with, and its usual price."""
    goods = random.choice(RANGES)
    thing, price = random.choice(goods.goods)
    what = f"{draw_word(random, goods.looks)} {draw_word(random, goods.materials)}"
    # About half are known by who makes them.
    maker = draw_compound(random, MAKERS)
    name = f"{maker} {thing}" if random.random() < 0.5 else thing.capitalize()
    code = "".join(letter for letter in thing.upper() if letter.isalpha())[:3]
    return f"{name}, {what}, {draw_word(random, goods.sizes)}", code, price
