"""What was asked: words, names, exact phrases and filters out of one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from codearch.errors import UsageError
from codearch.search.filters import KEYS, NO_FILTERS, FilterDraft, Filters
from codearch.search.forms import STOP_WORDS
from codearch.text import identifier_words

if TYPE_CHECKING:
    from collections.abc import Iterable

Mode = Literal["hybrid", "lexical", "semantic"]

_TOKEN = re.compile(
    r"""(?P<without>-)?(?P<key>[A-Za-z]+):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]*))(?=\s|$)
      | "(?P<phrase>[^"]+)"
      | (?P<word>\S+)""",
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"\w+")
# A name as code writes it, with what it belongs to: Rack::Response, Foo.bar, list->next, a/b.ts.
_QUALIFIED = re.compile(r"[\w$@~!?]+(?:(?:::|\.|#|->|/|\\|-)[\w$@~!?]+)*(?:\(\)|[!?])?")
_SEPARATOR = re.compile(r"::|->|[.#/\\-]")
_MOST_WORDS = 60  # of a question; more are a pasted text, whose beginning will do
_MOST_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class Name:
    """A name that was asked for: its last part, and what stands before it, outermost first."""

    text: str  # as written
    last: str
    qualifiers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the last part as names are looked up: lower case, letters and digits alone."""
        return name_key(self.last)


def name_key(name: str) -> str:
    """Return a name without case, underscores and signs: get_user, getUser and GetUser are one."""
    return "".join(_IDENTIFIER.findall(name)).replace("_", "").lower()


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart. `words` are in the order of the text, each once."""

    text: str  # without the filters
    words: tuple[str, ...] = ()  # parts of identifiers, lower case, stop words left out
    neighbours: tuple[tuple[str, str], ...] = ()  # words that stand side by side
    wholes: tuple[str, ...] = ()  # identifiers of several parts, written as one word
    prefixes: tuple[str, ...] = ()  # `pars*`
    names: tuple[Name, ...] = ()  # what is written as code writes names
    is_name: bool = False  # the whole question is one name
    phrases: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    mode: Mode = "hybrid"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for but what the filters say."""
        return not (self.words or self.prefixes or self.phrases)


def parse_query(
    text: str,
    *,
    language: str | Iterable[str] | None = None,
    kind: str | Iterable[str] | None = None,
    path: str | Iterable[str] | None = None,
    mode: Mode = "hybrid",
) -> Query:
    """Take a question apart; options mean what the same filters in the text mean.

    Raises UsageError for a filter whose value means nothing, and where nothing is asked for.
    """
    draft = FilterDraft()
    draft.add_all("language", language)
    draft.add_all("kind", kind)
    draft.add_all("path", path)
    free, phrases = _tokens(text[:_MOST_CHARACTERS], draft)
    filters = draft.finished()
    plain = " ".join(free)
    query = _query(plain, " ".join([plain, *phrases]), tuple(phrases), filters)
    if query.is_empty and plain.strip():  # signs alone, `=>`: looked for as they stand
        query = _query(plain, plain, (*phrases, plain.strip()), filters)
    if query.is_empty and not filters:
        message = "`query`: nothing is asked for."
        raise UsageError(message, field="query", mend="Give words, a name, or a filter.")
    return replace(query, mode=mode)


def below(query: Query, folder: str) -> Query:
    """Return the question asked of one folder alone, whatever its filters say; "" of all."""
    return replace(query, filters=replace(query.filters, under=folder))


def _tokens(text: str, draft: FilterDraft) -> tuple[list[str], list[str]]:
    """Return the free words and the phrases; filters go into the draft."""
    free: list[str] = []
    phrases: list[str] = []
    for match in _TOKEN.finditer(text):
        key = match["key"]
        if key and key.lower() in KEYS:
            value = match["quoted"] if match["quoted"] is not None else match["value"]
            named = f"{key}:{value}"
            if not value:
                message = f"`query`: the filter `{key}:` has no value."
                raise UsageError(message, field="query")
            try:
                draft.add(key.lower(), value, without=bool(match["without"]))
            except UsageError as error:
                reason = error.message.partition(": ")[2]
                message = f"`query`: the filter `{named}` is wrong: {reason}"
                raise UsageError(message, field="query", mend=error.mend) from None
        elif match["phrase"] is not None:
            phrases.append(match["phrase"])
        else:
            free.append(match.group())
    return free, phrases


def _query(plain: str, words_from: str, phrases: tuple[str, ...], filters: Filters) -> Query:
    sequence: list[str] = []
    wholes: list[str] = []
    for identifier in _IDENTIFIER.findall(words_from)[:_MOST_WORDS]:
        parts = identifier_words(identifier)
        sequence += parts[:-1] if len(parts) > 1 else parts
        if len(parts) > 1:
            wholes.append(parts[-1])
    content = [word for word in sequence if word not in STOP_WORDS] or sequence
    return Query(
        text=words_from.strip(),
        words=tuple(dict.fromkeys(content)),
        neighbours=_neighbours(sequence),
        wholes=tuple(dict.fromkeys(wholes)),
        prefixes=tuple(dict.fromkeys(re.findall(r"(\w{2,})\*(?!\w)", plain.lower()))),
        names=_names(plain),
        is_name=bool(_QUALIFIED.fullmatch(plain.strip())),
        phrases=phrases,
        filters=filters,
    )


def _neighbours(sequence: list[str]) -> tuple[tuple[str, str], ...]:
    kept = [(a, b) for a, b in pairwise(sequence) if a not in STOP_WORDS and b not in STOP_WORDS]
    return tuple(dict.fromkeys(kept))


def _names(plain: str) -> tuple[Name, ...]:
    """Return what is written like a name in code; a lone word may always be one."""
    tokens = plain.split()
    found = []
    for token in tokens:
        bare = token.strip(".,;:?!'`()[]{}") if len(tokens) > 1 else token.strip("`'")
        if not _QUALIFIED.fullmatch(bare) or (len(tokens) > 1 and not _looks_like_code(bare)):
            continue
        parts = [part for part in _SEPARATOR.split(bare.rstrip("()!?")) if part]
        if parts:
            found.append(Name(bare, parts[-1], tuple(parts[:-1])))
    return tuple(dict.fromkeys(found))


def _looks_like_code(token: str) -> bool:
    inner = token[1:]
    return (
        "_" in token.strip("_")
        or any(sign in token for sign in ("::", ".", "#", "->", "()"))
        or (any(letter.isupper() for letter in inner) and any(map(str.islower, token)))
    )
