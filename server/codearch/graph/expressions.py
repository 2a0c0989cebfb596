"""Receivers and types as written, read into steps: enough of every language to follow names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from codearch.graph.common import words

_NAME = re.compile(r"[~@$#]?(?:[^\W\d]|\$)[\w$]*")
_SPACE = re.compile(r"\s+")
_PREFIX = re.compile(
    r"(?:await|yield|return|mut|const|not|typeof|void|co_await|ref|out|in)\b\s*|[&*!~]+\s*"
)
_SEPARATOR = re.compile(r"\s*(?:\?\.|!\.|->|::|\.)\s*")
_CAST = re.compile(r"\s*\bas\b\s*")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_LOADING = re.compile(r"\(?\s*(?:await\s+)?(?:require|import)\(")
LITERAL = "\0literal"


class Step(NamedTuple):
    """One name of a chain `a.b(c).d`: called, indexed, or (`made`) itself what is constructed."""

    name: str
    called: bool = False
    indexed: bool = False
    made: bool = False


@lru_cache(maxsize=20_000)
def steps(text: str) -> tuple[Step, ...]:
    """Return the steps of an expression, () where it is more than names, calls and indexing.

    A literal is one step of the name LITERAL.
    """
    text = text.strip()
    while match := _PREFIX.match(text):
        text = text[match.end() :]
    if not text or len(text) > 2_000:
        return ()
    if text[0] == "(":
        return _parenthesised(text)
    if text[0] in "\"'`[{/0123456789":
        return (Step(LITERAL),)
    if re.match(r"[bBfFrRuU@$]{1,2}[\"']", text):
        return (Step(LITERAL),)
    if text.startswith("new") and _SPACE.match(text, 3):
        return _chain(text[4:].lstrip(), made=True)
    return _chain(text)


def bare(text: str) -> str:
    """Return a chain without its arguments, as far as names tell: `a.b(x)[0]` is `a.b()[]`.

    A literal and what is no chain give "". What loads a module keeps its argument.
    """
    if _LOADING.match(text):
        return text
    parts = []
    for step in steps(text):
        if step.name == LITERAL:
            return ""
        name = f"new {step.name}()" if step.made else step.name + ("()" if step.called else "")
        parts.append(name + ("[]" if step.indexed else ""))
    return ".".join(parts)


def _parenthesised(text: str) -> tuple[Step, ...]:
    """Read `(e).rest`, `(T) e` (a cast, also inside parentheses) and `(e as T)`."""
    end = _closing(text, 0)
    if end < 0:
        return ()
    inner, rest = text[1:end].strip(), text[end + 1 :].strip()
    if rest and not _SEPARATOR.match(rest) and rest[0] not in "([":
        cast = type_path(inner)
        return (Step(".".join(cast), made=True),) if cast and _ends_here(rest) else ()
    head: tuple[Step, ...]
    pieces = _CAST.split(inner)
    if len(pieces) > 1:
        cast = type_path(pieces[-1])
        head = (Step(".".join(cast), made=True),) if cast else ()
    else:
        head = steps(inner)
    if not head or not rest:
        return head
    return _followed(head, rest)


def _ends_here(text: str) -> bool:
    """Say whether nothing but one chain follows, as a cast's operand."""
    return bool(steps(text))


def _followed(head: tuple[Step, ...], rest: str) -> tuple[Step, ...]:
    last, at = _suffixes(head[-1], rest, 0)
    if at < 0:
        return ()
    head = (*head[:-1], last)
    match = _SEPARATOR.match(rest, at)
    if match is None:
        return head if at >= len(rest.rstrip()) else ()
    tail = _chain(rest[match.end() :])
    return (*head, *tail) if tail else ()


def _chain(text: str, *, made: bool = False) -> tuple[Step, ...]:
    found: list[Step] = []
    at = 2 if text.startswith("::") else 0
    while True:
        match = _NAME.match(text, at)
        if match is None:
            return ()
        step, at = _suffixes(Step(match.group()), text, match.end())
        if at < 0:
            return ()
        if made and step.called:
            path = [*(each.name for each in found), step.name]
            found, step, made = [], Step(".".join(path), made=True, indexed=step.indexed), False
        found.append(step)
        separator = _SEPARATOR.match(text, at)
        if separator is None:
            return tuple(found) if at >= len(text.rstrip()) else ()
        at = separator.end()
        if text.startswith("<", at):  # Rust's turbofish: a::<T>()
            closed = _closing(text, at)
            if closed < 0 or not found:
                return ()
            last, at = _suffixes(found.pop(), text, closed + 1)
            if at < 0:
                return ()
            found.append(last)
            separator = _SEPARATOR.match(text, at)
            if separator is None:
                return tuple(found) if at >= len(text.rstrip()) else ()
            at = separator.end()


def _suffixes(step: Step, text: str, at: int) -> tuple[Step, int]:
    """Read calls, indices, type arguments, `!` and `?` behind a name; -1 if they do not close."""
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        opening = text[at : at + 1]
        if opening in {"!", "?"} and text[at : at + 2] != "?.":
            at += 1
            continue
        if opening == "<":
            closed = _closing(text, at)
            if closed < 0:
                return step, -1
        elif opening in {"(", "["}:
            closed = _closing(text, at)
            if closed < 0:
                return step, -1
            called, indexed = step.called or opening == "(", step.indexed or opening == "["
            step = step._replace(called=called, indexed=indexed)
        else:
            return step, at
        at = closed + 1


def _closing(text: str, at: int) -> int:
    """Return where the bracket at `at` closes, -1 if it does not; strings are skipped."""
    stack = [_CLOSING[text[at]]]
    quote = ""
    position = at + 1
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in '"`' or (character == "'" and "'" in text[position + 1 : position + 40]):
            quote = character
        elif character in "([{" or (character == "<" and stack[-1] == ">"):
            stack.append(_CLOSING[character])
        elif character == stack[-1]:
            if not (character == ">" and text[position - 1] in "-="):
                stack.pop()
                if not stack:
                    return position
        elif character in ")]}":
            return -1
        position += 1
    return -1


# --- types ------------------------------------------------------------------------------------

_TYPE_WORDS = re.compile(
    r"\b(?:const|volatile|mut|dyn|impl|struct|union|enum|class|typename|readonly|final|static|"
    r"unsigned|signed|extern|inline|ref|out|params|this|unique|keyof|asserts|in)\b(?!\s*[.:(])"
)
# What holds one value and hands its members on, by use or by the language's own rules.
WRAPPERS = words(
    "Optional Final ClassVar Annotated Required NotRequired ReadOnly Awaitable Coroutine"
    " Iterator Generator AsyncIterator AsyncGenerator ContextManager AbstractContextManager"
    " Promise PromiseLike Readonly Partial NonNullable Awaited"
    " Box Rc Arc Ref RefMut RefCell Cell Mutex RwLock MutexGuard Pin Cow"
    " unique_ptr shared_ptr weak_ptr reference_wrapper optional scoped_refptr raw_ptr"
    " Task ValueTask Lazy Nullable"
)
DOUBTFUL_WRAPPERS = frozenset({"Option", "Result", "Poll"})  # hand on members only once unwrapped
CLASS_WRAPPERS = frozenset({"type", "Type", "Class"})  # of a class itself
_GENERIC = re.compile(r"(?:const\s+)?(?:\w+(?:\.|::))*(\w+)\s*[<\[]")
NOT_HOLDING = WRAPPERS | DOUBTFUL_WRAPPERS | words("Callable Func Action Function Predicate Union")
_NAMED_RESULT = re.compile(r"^[a-z_]\w*\s+(?=[\w*\[])")  # Go's `(file *File, err error)`
_LIFETIME = re.compile(r"'\w+\b(?!')")
_NOTHING = frozenset({"None", "null", "undefined", "NoneType", "void"})


@lru_cache(maxsize=20_000)
def element_type(text: str) -> str:
    """Return the type of what an array, a list or a map's values hold, "" for other types."""
    text = text.strip().strip("\"'").lstrip("&").removeprefix("mut ").strip()
    if text.startswith("[") and (closed := _closing(text, 0)) > 0:
        return text[closed + 1 :].strip() or text[1:closed].partition(";")[0].strip()  # []T, [T; 3]
    if text.startswith("map[") and (closed := _closing(text, 3)) > 0:
        return text[closed + 1 :].strip()
    if text.endswith("]") and _is_array(text):
        return text[: text.rindex("[")].strip()
    match = _GENERIC.match(text)
    if match is None or _closing(text, match.end() - 1) != len(text.rstrip("&* ")) - 1:
        return ""
    arguments = _split(text[match.end() : _closing(text, match.end() - 1)], ",")
    return "" if match.group(1) in NOT_HOLDING else arguments[-1].strip()


@lru_cache(maxsize=20_000)
def type_path(text: str) -> tuple[str, ...]:
    """Return the dotted name of the type that a written type means, () for none or several.

    References, pointers, nullability and wrappers are taken off: `Optional["a.B"]`, `&mut Arc<B>`,
    `const ns::B<T>&`, `B | null`, `*B`. An array, slice or function type has no members of ours.
    """
    text = text.strip().strip("\"'")
    if text.startswith("(") and _closing(text, 0) == len(text) - 1:  # (T, error): the first
        text = _NAMED_RESULT.sub("", _split(text[1:-1], ",")[0].strip())
    text = _LIFETIME.sub("", _TYPE_WORDS.sub(" ", text)).strip().lstrip("&* (").strip()
    parts = [part.strip() for part in _split(text, "|")]
    kept = [part for part in parts if part and part not in _NOTHING]
    if len(kept) != 1:
        return ()
    return _named_type(kept[0].rstrip("&*?! )").rstrip())


_ARGUMENTS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")


def without_arguments(text: str) -> str:
    """Return a written type without its type arguments: `Outer<A<B>>.Inner` is `Outer.Inner`."""
    while (shorter := _ARGUMENTS.sub("", text)) != text:
        text = shorter
    return text


_DOTTED = re.compile(r"(?:::)?([^\W\d][\w$]*(?:\s*(?:\.|::)\s*[^\W\d][\w$]*)*)\s*")


def _named_type(text: str) -> tuple[str, ...]:
    match = _DOTTED.match(text)
    if match is None or (text.endswith("]") and _is_array(text)):
        return ()
    names = tuple(re.split(r"\s*(?:\.|::)\s*", match.group(1)))
    rest = text[match.end() :].lstrip(":")
    return _with_arguments(names, rest) if rest else names


def _with_arguments(names: tuple[str, ...], rest: str) -> tuple[str, ...]:
    """Return the type that names with type arguments mean: what a wrapper holds, or themselves."""
    closed = _closing(rest, 0) if rest[0] in "<[" else -1
    if closed < 0 or names[-1] in CLASS_WRAPPERS:
        return ()
    if names[-1] in WRAPPERS | DOUBTFUL_WRAPPERS:
        return type_path(_split(rest[1:closed], ",")[0])
    tail = rest[closed + 1 :].strip()
    if tail.startswith(("::", ".")):  # Outer<T>::Inner
        following = _named_type(tail.lstrip(":. "))
        return (*names, *following) if following else ()
    return () if tail.startswith("[") else names


def _is_array(text: str) -> bool:
    """Say whether the last brackets are an array's: `B[]`, `B[3]`; `B[T]` is a generic."""
    inner = text[text.rindex("[") + 1 : -1].strip()
    return not inner or inner.isdigit()


def is_doubtful(text: str) -> bool:
    """Say whether a written type hands on its members only once it is unwrapped."""
    match = re.match(r"[&\s]*(?:mut\s+)?(?:\w+::)*(\w+)\s*<", text)
    return match is not None and match.group(1) in DOUBTFUL_WRAPPERS


def _split(text: str, separator: str) -> list[str]:
    """Split at a character outside brackets."""
    if separator not in text:
        return [text]
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "([{<":
            depth += 1
        elif character in ")]}" or (
            character == ">" and text[position - 1 : position] not in {"-", "="}
        ):
            depth -= 1
        elif character == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
