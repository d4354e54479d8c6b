"""What a deployment costs in a month, by part: an estimate from Amazon's list prices in `prices.csv`."""

import csv
from pathlib import Path
from typing import NamedTuple

from infra.ec2.resource import Cost

TABLE = Path(__file__).with_name("prices.csv")
HOURS_A_MONTH = 730


class Price(NamedTuple):
    """A list price.

    Attributes:
        usd: In US dollars.
        is_hourly: Whether it is for an hour; else for a month.
        date: When it was listed.
    """

    usd: float
    is_hourly: bool
    date: str


class Line(NamedTuple):
    """A part and what it costs.

    Attributes:
        part: What it is.
        usd: A month, in US dollars; None where the table does not have its price.
        note: What a person has to know of it.
    """

    part: str
    usd: float | None
    note: str


def read_prices() -> dict[str, Price]:
    """The table, by the names of its rows."""
    with TABLE.open(encoding="ascii", newline="") as file:
        return {
            row["item"]: Price(float(row["usd"]), row["per"] == "hour", row["date"]) for row in csv.DictReader(file)
        }


def estimate(costs: list[Cost]) -> list[Line]:
    """What each part costs in a month of 730 hours."""
    prices = read_prices()
    return [_line(cost, prices.get(cost.price)) for cost in costs]


def _line(cost: Cost, price: Price | None) -> Line:
    if price is None:
        return Line(f"{cost.part}: {cost.price}", None, "not in the table of prices")
    usd_a_month = price.usd * (HOURS_A_MONTH if price.is_hourly else 1)
    what = f"{cost.part}: {cost.quantity:g} x {cost.price}"
    return Line(what, usd_a_month * cost.quantity, cost.note)
