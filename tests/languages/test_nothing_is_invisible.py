"""Every word that stands in a file is found there, in broken code and in long headers too."""

from __future__ import annotations

import pytest
from language_cases import FOLDER, read

from codearch.index.prepare import prepare
from codearch.text import words

# What marks a comment or a doc, as in `\\brief`, `{@code ...}` and r"""...""", is not said by it.
MARKS = {"brief", "code", "doc", "out", "param", "r", "ref", "rem", "return"}
LANGUAGES = sorted(path.name for path in FOLDER.iterdir())

UNFINISHED = '''\
class Purse:
    @property
    def total(self):
        return sum(self.coins)

    @cached
    def described(self):
        """Say how much there is

        coins = [coin for coin in self.coins if coin.valid]
        shortage = self.wanted - self.total
        if shortage > self.patience:
            raise ShortageError(f"{shortage} short of {self.wanted}, with {len(coins)} coins")
        if not coins:
            return "an empty purse, which nobody can pay with"
        heaviest = max(coins, key=lambda coin: coin.weight)
        lightest = min(coins, key=lambda coin: coin.weight)
        return f"{len(coins)} coins, from {lightest} to {heaviest}, {self.describe_currency()}"


def zebra_count(first, second=None):
    """Weigh one thing."""
    return first
'''


def invisible(source: str, language: str) -> set[str]:
    """Return the words of a source by which its file is not found."""
    found = prepare(source.encode(), language).words.vocabulary
    return set(words(source)) - set(found) - MARKS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_less_hides_no_other(language: str) -> None:
    for path in sorted((FOLDER / language).glob("*.md")):
        for case in read(path):
            lines = case.source.splitlines(keepends=True)
            assert not invisible(case.source, language), f"{path.name}:\n{case.source}"
            for at in range(len(lines)):
                broken = "".join(lines[:at] + lines[at + 1 :])
                assert not invisible(broken, language), f"{path.name}, without {at + 1}:\n{broken}"


def test_what_follows_a_string_without_its_end() -> None:
    assert not invisible(UNFINISHED, "python")


def test_the_last_parameters_of_many() -> None:
    many = ",\n".join(f"    parameter_{name}: int" for name in (*range(40), "zebra"))
    assert not invisible(f"def carry(\n{many},\n) -> Parcel:\n    return None\n", "python")
