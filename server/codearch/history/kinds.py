"""What sort of commit one is, by who made it, what was said of it, and what it did."""

from __future__ import annotations

import re
from enum import IntFlag
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.history.log import Logged, LoggedChange

VERSION = 4  # grows with what makes a commit of another kind than before
MASS_FILES = 50  # a commit of more says nothing about any two of them
_MOST_ARE_MOVES = 0.5
_FEW_FILES = 4  # a commit of no more is not set apart by its words alone


class Kind(IntFlag):
    """What is known of a commit. All but `FIX` set it apart: it tells nothing of its files."""

    NONE = 0
    FIX = 1
    BOT = 2
    MASS = 4  # touches more files than anybody has in mind at once
    FORMATTING = 8
    MOVES = 16


APART = Kind.BOT | Kind.MASS | Kind.FORMATTING | Kind.MOVES
Apart = Literal["", "bot", "moves", "formatting", "mass"]
NAMES: dict[Kind, Apart] = {
    Kind.BOT: "bot",
    Kind.MOVES: "moves",
    Kind.FORMATTING: "formatting",
    Kind.MASS: "mass",
}

_BOT = re.compile(
    r"\[bot\]|(?:^|[\s<+._-])bot(?:$|[\s@>._-])|\b(?:dependabot|renovate|greenkeeper|github-actions?|"
    r"pre-commit-ci|snyk|pyup|imgbot|allcontributors|semantic-release|weblate|transifex|crowdin|"
    r"travis[- ]ci|circleci|jenkins|codecov|mergify|k8s-ci-robot|rust-highfive|bors|"
    r"restyled-io|deepsource|lgtm-com|whitesource|scala-steward|hound(?:ci)?|buildkite)\b|"
    r"\w[-_]bot\b|\bbot@|\brobot\b",
    re.IGNORECASE,
)
_FORMATTERS = (
    r"black|prettier|rustfmt|cargo fmt|gofmt|gofumpt|goimports|clang-?format|isort|yapf|autopep8|"
    r"ruff format|scalafmt|google-java-format|spotless|dotnet[- ]format|csharpier|astyle|"
    r"uncrustify|eslint --fix|standard --fix|pyupgrade|autoflake|biome"
)
_FORMATTING = re.compile(
    r"^(?:\[?(?:style|format(?:ting)?|fmt|lint)\]?(?:\([^)]*\))?!?:)|"
    r"\b(?:re-?|auto-?)format(?:s|ted|ting)?\b|"
    r"\bformat(?:s|ted|ting)? (?:all |the |whole |entire |our )*(?:code|sources?|codebase|files|"
    r"everything|project|repo(?:sitory)?)\b|"
    rf"\b(?:run|ran|running|apply|applied|applying|with|using|via|by)\b.{{0,30}}\b(?:{_FORMATTERS})\b|"
    rf"^(?:{_FORMATTERS})(?:ed| it| all| everything| run| pass| the (?:code|world|repo\w*))?[.!]*$|"
    r"\b(?:tabs to spaces|code style|clean(?:ed)? ?up (?:formatting|whitespace))\b|"
    r"\b(?:copyright|licen[cs]e) (?:header|notice|year)s?\b|\bupdate copyright\b|\bbump year\b",
    re.IGNORECASE,
)
_FIX = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|bug-?fix(?:es)?|bugs?|hot-?fix(?:es)?|defects?|regressions?|"
    r"crash(?:es|ed|ing)?|segfaults?|deadlocks?|race conditions?|leak(?:s|ed|ing)?|overflows?|"
    r"off[- ]by[- ]one|null pointers?|npe|use[- ]after[- ]free|out[- ]of[- ]bounds|infinite loop|"
    r"broken|wrong(?:ly)?|incorrect(?:ly)?|correctly)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\bfix(?:e[sd])?[: ]+(?:#|gh-|issue #?|[\w.-]+/[\w.-]+#|https?://\S+/issues/|[A-Z][A-Z0-9]+-)\d+",
    re.IGNORECASE,
)
# What adds something mends nothing, whatever wish it fulfils.
_ADDS = re.compile(
    r"^\W*(?:add\w*|allow\w*|implement\w*|support\w*|introduc\w+|feat\w*|new|tests?|testcases?|"
    r"improve\w*|refactor\w*|perf|chore|docs?|style|ci|build)\b",
    re.IGNORECASE,
)
# A fix of these mends nothing that runs.
_COSMETIC = re.compile(
    r"\b(?:typos?|spelling|grammar|misspell\w*|read-?me|change-?log|\w*lint\w*|white-?space|clippy|flake8|"
    r"pylint|mypy|travis|appveyor|circleci|github actions?|copyright)\b|"
    r"^\W*revert|\btests?\W*$|"
    r"^(?:docs?|tests?|ci|build|chore|style|refactor)(?:\([^)]*\))?!?:|"
    r"\bfix\w*:?\s+(?:[\w-]+\s+)?(?:docs?|documentation|docstrings?|javadocs?|comments?|format\w*|"
    r"indent\w*|style|warnings?|tests?|specs?|ci|workflows?|builds?|compil\w+|deps?|dependenc\w+|"
    r"links?|badges?|examples?|merges?|conflicts?|rename\w*|licen[cs]es?|nits?)\b",
    re.IGNORECASE,
)
_AS_FIX = re.compile(r"^\W*fix(?:\([^)]*\))?!?:", re.IGNORECASE)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|testing|testdata|fixtures)/|(?:^|/)test_|"
    r"[._-](?:test|tests|spec)\.\w+$|Tests?\.\w+$"
)
_CODE = re.compile(
    r"\.(?:py|pyi|pyx|jsx?|mjs|cjs|tsx?|vue|svelte|java|kt|kts|scala|go|rs|c|h|cc|hh|cpp|hpp|cxx|hxx|"
    r"inl|ipp|cs|fs|vb|rb|php|swift|m|mm|lua|pl|pm|sh|ex|exs|erl|hs|ml|clj|dart|zig|sql)$",
    re.IGNORECASE,
)


def is_bot(name: str, email: str) -> bool:
    """Say whether a program made a commit, as far as its author's name tells."""
    return bool(_BOT.search(name) or _BOT.search(email.partition("@")[0] + "@"))


def kind_of(commit: Logged, ignored: frozenset[str]) -> Kind:
    """Return what sort of commit one is; `ignored` are those that blame is to look through."""
    changes, subject = commit.changes, commit.subject
    kind = Kind.NONE
    if is_bot(commit.name, commit.email):
        kind |= Kind.BOT
    if len(changes) > MASS_FILES:
        kind |= Kind.MASS
    if commit.hash in ignored or _is_formatting(subject, changes):
        kind |= Kind.FORMATTING
    if _is_moves(changes):
        kind |= Kind.MOVES
    if not kind & (Kind.BOT | Kind.FORMATTING | Kind.MOVES) and is_fix(commit.message, changes):
        kind |= Kind.FIX
    return kind


def is_fix(message: str, changes: Sequence[LoggedChange]) -> bool:
    """Say whether a commit mends something that runs."""
    subject = message.partition("\n")[0]
    code = (change.path for change in changes if _CODE.search(change.path))
    if all(_TEST.search(path) for path in code):
        return False
    if _COSMETIC.search(subject) and not _CLOSES.search(subject):
        return False
    if _FIX.search(subject):
        return True
    return bool(_CLOSES.search(message)) and not _ADDS.search(subject)


def _is_formatting(subject: str, changes: Sequence[LoggedChange]) -> bool:
    if changes and all(change.spaces for change in changes):
        return not _AS_FIX.search(subject)  # else the space stood in a text
    return len(changes) > _FEW_FILES and bool(_FORMATTING.search(subject))


def _is_moves(changes: Sequence[LoggedChange]) -> bool:
    """Say whether a commit moves files, and does little else."""
    renames = [change for change in changes if change.status == "R"]
    if not renames:
        return False
    if all(change.moved for change in changes):
        return True
    return len(changes) > _FEW_FILES and len(renames) >= _MOST_ARE_MOVES * len(changes)
