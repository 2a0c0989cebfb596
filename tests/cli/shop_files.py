"""A small shop: what the tests of the command line work on."""

FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": '''"""Orders and what they cost."""

from shop.prices import price_of


class Order:
    """What a customer wants."""

    def __init__(self, items: list[str]) -> None:
        self.items = items

    def total(self, country: str) -> float:
        """Return the sum of all prices with the country's tax."""
        result = 0.0
        for item in self.items:
            result += price_of(item, country)
        return result


def cheapest(orders: list[Order]) -> Order:
    """Return the order with the smallest total."""
    return min(orders, key=lambda order: order.total("DE"))
''',
    "shop/prices.py": '''"""Prices with tax."""

from shop import taxes


def price_of(item: str, country: str) -> float:
    """Return what one item costs in a country, tax included."""
    return len(item) * (1 + taxes.rate(country))
''',
    "shop/taxes.py": '''"""Value-added tax by country."""

import shop.prices

RATES = {"DE": 0.19, "LU": 0.17}


def rate(country: str) -> float:
    """Return the tax rate of a country, zero for one that is unknown."""
    return RATES.get(country, 0.0)
''',
    "tests/test_orders.py": """from shop.orders import Order


def test_total_adds_tax():
    assert Order(["tea"]).total("DE") > 3
""",
    "web/basket.ts": """/** Sums up a basket of goods. */
export function basketTotal(prices: number[]): number {
  let total = 0;
  for (const price of prices) total += price;
  return total;
}
""",
    "README.md": "# Shop\n\nHow to refund a customer: write to the office.\n",
}
