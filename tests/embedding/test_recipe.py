"""The recipe's own parts: what it reads out of sources, and the vocabulary that it makes of it."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

from bpe import vocabulary
from extract import describe, pairs

from codearch.embedding.tokens import Tokenizer

SOURCES = {
    "python": '''
class Purse:
    def add(self, coin):
        """Put a coin in the purse.

        Args:
            coin: which one
        """
        self.coins.append(coin)  # at the end
''',
    "javascript": """
class Purse {
  /**
   * Put a coin in the purse.
   * @param {Coin} coin which one
   */
  add(coin) { this.coins.append(coin); /* at the end */ }
}
""",
    "typescript": """
export class Purse {
  /** Put a coin in the purse. */
  add(coin: Coin): void { this.coins.append(coin); }
}
""",
    "java": """
class Purse {
  /** Put a coin in the purse.
   * @param coin which one */
  @Override
  public void add(Coin coin) { this.coins.append(coin); }
}
""",
    "go": """
package money
// Put a coin in the purse.
func (p *Purse) add(coin Coin) { p.coins.append(coin) }
""",
    "rust": """
impl Purse {
    /// Put a coin in the purse.
    #[inline]
    fn add(&mut self, coin: Coin) { self.coins.append(coin); }
}
""",
    "c": """
/* Put a coin in the purse. */
void add(purse *p, coin c) { coins.append(p, c); }
""",
    "cpp": """
class Purse {
  /// \\brief Put a coin in the purse.
  /// \\param coin which one
  void add(Coin coin) { coins.append(coin); }
};
""",
    "csharp": """
class Purse {
    /// <summary>Put a coin in the purse.</summary>
    /// <param name="coin">which one</param>
    public void Add(Coin coin) { coins.append(coin); }
}
""",
}


@pytest.mark.parametrize("language", SOURCES)
def test_a_documented_function_becomes_a_pair(language):
    (pair,) = pairs(SOURCES[language].encode(), language)
    assert pair.query == "Put a coin in the purse."
    assert pair.name.lower() in {"purse add", "add"}
    assert "append" in pair.body
    assert "at the end" not in pair.body
    assert "Put a coin" not in pair.body + pair.signature


@pytest.mark.parametrize(
    "doc",
    [
        "",
        "# TODO: think",
        "/** {@inheritDoc} */",
        "// Copyright 2020 by somebody",
        "/* x */",
        "/** @param x the y */",
    ],
)
def test_what_describes_nothing_is_left_out(doc):
    assert describe(doc) is None


def test_a_vocabulary_holds_letters_first_and_whole_frequent_words():
    words = Counter({"parse": 500, "parser": 300, "sparse": 100, "rare": 4})
    pieces = vocabulary(words, 30)
    tokenizer = Tokenizer(pieces)
    assert pieces == vocabulary(words, 30)
    assert len(pieces) == len(set(pieces))
    assert sum(tokenizer.counts("parse").values()) == 1
    assert sum(tokenizer.counts("parseParser").values()) == 2
