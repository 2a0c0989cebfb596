"""Train the vocabulary: byte-pair merges over the training pairs' words (Sennrich et al., 2016)."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from itertools import pairwise

from codearch.embedding.tokens import CONTINUED, LONGEST_WORD

LEAST = 4  # times that a word must occur to take part
ALPHABET_LEAST = 50  # times that a character must occur to become a piece

Pair = tuple[str, str]


class Words:
    """The words as they are cut up so far, and how often each pair of neighbours occurs."""

    def __init__(self, words: Counter[str]) -> None:
        counted = [(word, number) for word, number in sorted(words.items()) if number >= LEAST]
        self.times = [number for _, number in counted]
        self.split = [letters(word[:LONGEST_WORD]) for word, _ in counted]
        self.pairs: Counter[Pair] = Counter()
        self.places: dict[Pair, set[int]] = defaultdict(set)
        for word in range(len(self.split)):
            self._count(word)

    def alphabet(self) -> list[str]:
        """Return the characters that occur often enough, inside a word and at its start."""
        seen: Counter[str] = Counter()
        for symbols, number in zip(self.split, self.times, strict=True):
            for symbol in symbols:
                seen[symbol] += number
        return sorted(letter for letter, number in seen.items() if number >= ALPHABET_LEAST)

    def merge(self, pair: Pair) -> set[Pair]:
        """Join a pair wherever it stands; return the pairs whose counts changed."""
        changed: set[Pair] = set()
        for word in self.places.pop(pair):
            for gone in pairwise(self.split[word]):
                self.pairs[gone] -= self.times[word]
                changed.add(gone)
            self.split[word] = merged(self.split[word], pair)
            changed |= self._count(word)
        return changed

    def _count(self, word: int) -> set[Pair]:
        found = set()
        for pair in pairwise(self.split[word]):
            self.pairs[pair] += self.times[word]
            self.places[pair].add(word)
            found.add(pair)
        return found


def vocabulary(words: Counter[str], size: int) -> list[str]:
    """Return `size` pieces: characters, then the most frequent pair each time, ties by spelling."""
    state = Words(words)
    pieces = state.alphabet()
    known = set(pieces)
    heap = [(-number, pair) for pair, number in state.pairs.items()]
    heapq.heapify(heap)
    while heap and len(pieces) < size:
        number, pair = heapq.heappop(heap)
        if state.pairs[pair] != -number:
            continue
        if joined(pair) not in known:
            known.add(joined(pair))
            pieces.append(joined(pair))
        for touched in state.merge(pair):
            if state.pairs[touched] > 0:
                heapq.heappush(heap, (-state.pairs[touched], touched))
    return pieces


def letters(word: str) -> list[str]:
    """Return a word's characters, those after the first marked as going on."""
    return [letter if at == 0 else CONTINUED + letter for at, letter in enumerate(word)]


def joined(pair: Pair) -> str:
    """Return the piece that two neighbours make."""
    return pair[0] + pair[1].removeprefix(CONTINUED)


def merged(symbols: list[str], pair: Pair) -> list[str]:
    """Return the symbols with each occurrence of the pair joined."""
    new, at = [], 0
    while at < len(symbols):
        if at + 1 < len(symbols) and (symbols[at], symbols[at + 1]) == pair:
            new.append(joined(pair))
            at += 2
        else:
            new.append(symbols[at])
            at += 1
    return new
