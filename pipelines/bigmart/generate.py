"""Generate sales records in the form of the Big Mart data set: invented, seeded, on standard output as CSV.

No record, product or outlet is a real one. What is alike is what makes such data awkward: the twelve columns, the
shares of empty weights (17 %) and outlet sizes (28 %), five spellings of two fat contents, and sales that follow the
price and the kind of outlet, under much noise. The same arguments always give the same bytes.

    python generate.py --rows 8523 --seed 5 > sales.csv
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = (
    "Item_Identifier",
    "Item_Weight",
    "Item_Fat_Content",
    "Item_Visibility",
    "Item_Type",
    "Item_MRP",
    "Outlet_Identifier",
    "Outlet_Establishment_Year",
    "Outlet_Size",
    "Outlet_Location_Type",
    "Outlet_Type",
    "Item_Outlet_Sales",
)

# Type of item: how common, and the first letters of its identifiers (food, drinks, non-consumables).
ITEM_TYPES = {
    "Fruits and Vegetables": (14, "FD"),
    "Snack Foods": (14, "FD"),
    "Household": (11, "NC"),
    "Frozen Foods": (10, "FD"),
    "Dairy": (8, "FD"),
    "Canned": (8, "FD"),
    "Baking Goods": (8, "FD"),
    "Health and Hygiene": (6, "NC"),
    "Soft Drinks": (5, "DR"),
    "Meat": (5, "FD"),
    "Breads": (3, "FD"),
    "Hard Drinks": (2.5, "DR"),
    "Others": (2, "NC"),
    "Starchy Foods": (1.7, "FD"),
    "Breakfast": (1.3, "FD"),
    "Seafood": (0.7, "FD"),
}
SPELLINGS = {
    "Low Fat": (("Low Fat", "LF", "low fat"), (92, 6, 2)),
    "Regular": (("Regular", "reg"), (96, 4)),
}
PRICE_BANDS = ((32, 69), (75, 134), (139, 201), (207, 266))
PRICE_BAND_WEIGHTS = (17, 31, 31, 21)
RECORDS_PER_ITEM = 5.5
LEAN_SHARE = 0.55
HIDDEN_SHARE = 0.06  # not on a shelf on the day of the count: no visibility
NOISE_SHAPE = 6.0  # of a gamma distribution: a standard deviation of 41 % of the mean


@dataclass(frozen=True)
class Outlet:
    """A shop; `units` is how many of an item it sells on average, `share` how much of the range it carries."""

    identifier: str
    year: int
    size: str
    tier: str
    kind: str
    units: float
    share: float
    weighs: bool = True  # two of them record no weights


OUTLETS = (
    Outlet("OUT001", 1999, "", "Tier 3", "Grocery Store", 2.4, 0.55),
    Outlet("OUT002", 1986, "Small", "Tier 1", "Grocery Store", 2.4, 0.55, weighs=False),
    Outlet("OUT003", 1988, "High", "Tier 3", "Supermarket Type1", 16.0, 1),
    Outlet("OUT004", 1996, "Small", "Tier 1", "Supermarket Type1", 16.2, 1),
    Outlet("OUT005", 1998, "Medium", "Tier 1", "Supermarket Type1", 16.6, 1),
    Outlet("OUT006", 2001, "", "Tier 2", "Supermarket Type1", 15.6, 1),
    Outlet("OUT007", 2003, "Small", "Tier 2", "Supermarket Type1", 17.0, 1),
    Outlet("OUT008", 2006, "", "Tier 2", "Supermarket Type1", 16.7, 1),
    Outlet("OUT009", 2010, "Medium", "Tier 3", "Supermarket Type2", 13.9, 1),
    Outlet("OUT010", 1986, "Medium", "Tier 3", "Supermarket Type3", 26.5, 1, weighs=False),
)


@dataclass(frozen=True)
class Item:
    """A product, with what is the same of it in every outlet."""

    identifier: str
    weight: float
    fat_content: str
    visibility: float
    kind: str
    price: float


def items(draw: random.Random, count: int) -> list[Item]:
    """Invent a range of products."""
    kinds = draw.choices(list(ITEM_TYPES), [weight for weight, _ in ITEM_TYPES.values()], k=count)
    return [_item(draw, number, kind) for number, kind in enumerate(kinds, 1)]


def _item(draw: random.Random, number: int, kind: str) -> Item:
    prefix = ITEM_TYPES[kind][1]
    lean = prefix == "NC" or draw.random() < LEAN_SHARE
    return Item(
        identifier=f"{prefix}{number:04d}",
        weight=round(draw.uniform(4.6, 21.3), 2),
        fat_content="Low Fat" if lean else "Regular",
        visibility=draw.gammavariate(1.9, 0.033),
        kind=kind,
        price=draw.uniform(*draw.choices(PRICE_BANDS, PRICE_BAND_WEIGHTS)[0]),
    )


def records(rows: int, seed: int) -> Iterator[tuple[str | int | float, ...]]:
    """Invent sales records: each item in each outlet at most once, in no order."""
    draw = random.Random(seed)  # noqa: S311 (data, not a secret)
    pairs = [
        (draw.random() ** (1 / outlet.share), item, outlet)  # the highest of these: sampling by share
        for item in items(draw, int(rows / RECORDS_PER_ITEM) + 1)
        for outlet in OUTLETS
    ]
    pairs.sort(key=lambda pair: pair[0], reverse=True)
    chosen = pairs[:rows]
    draw.shuffle(chosen)
    return (_record(draw, item, outlet) for _, item, outlet in chosen)


def _record(draw: random.Random, item: Item, outlet: Outlet) -> tuple[str | int | float, ...]:
    price = round(item.price + draw.uniform(-2, 2), 4)
    sales = price * outlet.units * draw.gammavariate(NOISE_SHAPE, 1 / NOISE_SHAPE)
    hidden = draw.random() < HIDDEN_SHARE
    return (
        item.identifier,
        item.weight if outlet.weighs else "",
        draw.choices(*SPELLINGS[item.fat_content])[0],
        0.0 if hidden else round(min(item.visibility * draw.uniform(0.9, 1.1), 0.33), 9),
        item.kind,
        price,
        outlet.identifier,
        outlet.year,
        outlet.size,
        outlet.tier,
        outlet.kind,
        round(sales, 4),
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def main() -> None:
    """Write the records that the command line asks for."""
    parser = argparse.ArgumentParser(description="Generate invented sales records in Big Mart's form, as CSV.")
    parser.add_argument("--rows", type=_count, default=8523, help="how many records (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=5, help="another seed, other records (default: %(default)s)")
    arguments = parser.parse_args()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(records(arguments.rows, arguments.seed))


if __name__ == "__main__":
    main()
