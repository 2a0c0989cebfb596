/** A small shop, some of whose names would do harm in a page that did not take care. */

const long = Array.from({ length: 90 }, (_, line) => `    total = total + ${line} * rate`).join(
  "\n",
);

export const SHOP: Record<string, string> = {
  "prices.py": `"""Prices of a shop."""


def gross_price(net, rate):
    """Return the price with its tax.

    <script>window.harmed = true</script> and [a link](javascript:alert(1)).
    """
    return net * (1 + rate)


def discounted(net):
    return gross_price(net * 0.9, 0.2)


def everything(rate):
    total = 0
${long}
    return total
`,
  "bill.py": `from prices import gross_price


def total(items):
    # <img src=x onerror="window.harmed = true">
    return sum(gross_price(item, 0.2) for item in items)
`,
  "test_prices.py": `from prices import gross_price


def test_gross_price():
    assert gross_price(10, 0.2) == 12
`,
  "goods/<img src=x onerror=alert(1)>.js": `// A good of a hostile name
export function weighHostile(good) {
  return "<script>window.harmed = true</script>" + good.weight;
}
`,
  "listed.py": "import os\nimport re\n\n\ndef found(text):\n    return re.findall('a', text)\n",
  "goods/cycle_a.py": "from goods.cycle_b import b\n\n\ndef a():\n    return b()\n",
  "goods/cycle_b.py": "from goods.cycle_a import a\n\n\ndef b():\n    return a()\n",
  "goods/__init__.py": "",
};
