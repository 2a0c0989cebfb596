"""Places of names come back from the rows of symbols as they were."""

from __future__ import annotations

import pytest

from codearch.facts import Span, SymbolFact
from codearch.index.rows import Keys, name_span, symbol_row
from codearch.languages import by_name
from codearch.parse import parse

NAMED = 13  # place of the column
SOURCES = {
    "python": "@cached\ndef boil(): pass\n\n\nclass Tée:\n    async def pour_é(self): pass\n",
    "c": "static int *\nboil(void)\n{\n    return 0;\n}\n",
    "javascript": "const 𐐷 = () => 1; const boil = function () { return 𐐷 }\n",
    "markdown": "# Tea\n\nBoil it.\n",
}


@pytest.mark.parametrize("language", SOURCES)
def test_names_stand_where_they_stood(language):
    symbols = parse(SOURCES[language].encode(), by_name(language)).symbols
    assert symbols
    for symbol in symbols:
        assert name_span(symbol.span, symbol.name, row(symbol)[NAMED]) == symbol.name_span


def row(symbol):
    return symbol_row(Keys(1, 0, 2, None), symbol, 0)


@pytest.mark.parametrize(
    ("span", "place"),
    [
        (Span(10, 90, 2, 4, 6, 1), Span(14, 18, 2, 8, 2, 12)),  # `def` before it
        (Span(10, 90, 2, 4, 6, 1), Span(30, 34, 3, 4, 3, 8)),  # in the next line
        (Span(10, 90, 2, 4, 6, 1), Span(16, 20, 2, 9, 2, 13)),  # "é" before it
        (Span(10, 90, 2, 4, 6, 1), Span(12, 24, 2, 6, 3, 2)),  # over two lines
        (Span(10, 90, 2, 4, 6, 1), Span(0, 0, 0, 0, 0, 0)),  # nowhere
    ],
)
def test_any_place_is_kept(span, place):
    symbol = SymbolFact("boil", "function", "", -1, span, place, 0, 0)
    assert name_span(span, "boil", row(symbol)[NAMED]) == place
