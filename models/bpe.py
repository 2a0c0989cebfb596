"""Train the vocabulary: byte-pair merges over the words of the training pairs (Sennrich et al., 2016)."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict

from codearch.embedding.tokens import CONTINUED, LONGEST_WORD

LEAST = 4  # times that a word must occur to take part
ALPHABET_LEAST = 50  # times that a character must occur to become a piece


def vocabulary(words: Counter[str], size: int) -> list[str]:
    """Return `size` pieces, characters first; merges are the most frequent pair each time, ties by spelling."""
    counted = [
        (word[:LONGEST_WORD], number) for word, number in sorted(words.items()) if number >= LEAST
    ]
    split = [
        [letter if at == 0 else CONTINUED + letter for at, letter in enumerate(word)]
        for word, _ in counted
    ]
    letters: Counter[str] = Counter()
    for symbols, (_, number) in zip(split, counted, strict=True):
        for symbol in symbols:
            letters[symbol] += number
    pieces = sorted(letter for letter, number in letters.items() if number >= ALPHABET_LEAST)
    known = set(pieces)
    pairs: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], set[int]] = defaultdict(set)
    for word, (symbols, (_, number)) in enumerate(zip(split, counted, strict=True)):
        for pair in zip(symbols, symbols[1:], strict=False):
            pairs[pair] += number
            places[pair].add(word)
    heap = [(-number, pair) for pair, number in pairs.items()]
    heapq.heapify(heap)
    while heap and len(pieces) < size:
        number, pair = heapq.heappop(heap)
        if pairs[pair] != -number:
            continue
        joined = pair[0] + pair[1].removeprefix(CONTINUED)
        if joined not in known:
            known.add(joined)
            pieces.append(joined)
        changed = set()
        for word in places.pop(pair):
            times = counted[word][1]
            old = split[word]
            new = merged(old, pair, joined)
            for gone in zip(old, old[1:], strict=False):
                pairs[gone] -= times
                changed.add(gone)
            for come in zip(new, new[1:], strict=False):
                pairs[come] += times
                places[come].add(word)
                changed.add(come)
            split[word] = new
        for touched in changed:
            if pairs[touched] > 0:
                heapq.heappush(heap, (-pairs[touched], touched))
    return pieces


def merged(symbols: list[str], pair: tuple[str, str], joined: str) -> list[str]:
    """Return the symbols with each occurrence of the pair joined."""
    new, at = [], 0
    while at < len(symbols):
        if at + 1 < len(symbols) and (symbols[at], symbols[at + 1]) == pair:
            new.append(joined)
            at += 2
        else:
            new.append(symbols[at])
            at += 1
    return new
