"""C and C++ as their grammars read them: sources of equal length without what breaks the syntax.

Both branches of a conditional stay wherever each of them is whole by itself (the grammars know
such conditionals). Else its directives are blanked, and of several branches that cannot stand one
after the other the first is read. Macros that are no syntax of their own are blanked as well:
`class API Foo`, `NOTHROW int f()`, `END_TEST`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

_NOT_CODE = re.compile(
    rb"""/\*.*?(?:\*/|\Z)|//(?:[^\n\\]|\\.)*|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)\"
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*([a-z]+)((?:\\\r?\n|[^\n])*)", re.MULTILINE)
_TO_BLANK = bytes(byte if byte == ord("\n") else ord(" ") for byte in range(256))
_BRACKETS = {ord("("): 1, ord("["): 1, ord("{"): 1, ord(")"): -1, ord("]"): -1, ord("}"): -1}
_NOT_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))
_BEGINS = frozenset({b"if", b"ifdef", b"ifndef"})
_GOES_ON = frozenset({b"elif", b"else", b"elifdef", b"elifndef"})
_CONTINUES = re.compile(rb"\s*(?:else\b|&&|\|\||[?:.,)\]}=+*/|<>-](?!:))")
_MAX_DEPTH = 100  # of conditionals in one another: nobody writes more
_DEAD = re.compile(rb"[ \t]*0[ \t\r]*")


def _blank(text: bytes) -> bytes:
    return text.translate(_TO_BLANK)


def _blanked(found: re.Match[bytes]) -> bytes:
    return _blank(found.group())


# --- conditionals -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Conditional:
    """The spans of an `#if` to its `#endif`: the directives, between which the branches lie."""

    directives: list[tuple[int, int]] = field(default_factory=list)
    dead: bool = False  # `#if 0`

    @property
    def branches(self) -> list[tuple[int, int]]:
        """Return where the branches lie."""
        return [(one[1], other[0]) for one, other in pairwise(self.directives)]


def whole_conditionals(source: bytes) -> bytes:
    """Return a source in which every conditional that is left stands between statements."""
    return _without(source, lambda code, each: not _stands_between_statements(code, each))


def _without(source: bytes, is_in_the_way: Callable[[bytearray, _Conditional], bool]) -> bytes:
    """Return a source without the directives of some conditionals, and what cannot stay with it."""
    if b"#" not in source or b"if" not in source:
        return source
    code = bytearray(_NOT_CODE.sub(_blanked, source))
    conditionals = list(_conditionals(bytes(code)))
    for directive in _DIRECTIVE.finditer(bytes(code)):
        code[directive.start() : directive.end()] = _blank(directive.group())
    made = bytearray(source)
    for conditional in conditionals:
        if is_in_the_way(code, conditional):
            for start, end in list(_given_up(code, conditional)):
                made[start:end] = _blank(source[start:end])
                code[start:end] = made[start:end]
    return bytes(made)


def _conditionals(code: bytes) -> Iterator[_Conditional]:
    """Yield the conditionals that end, inner ones before those around them."""
    pending: list[_Conditional] = []
    for directive in _DIRECTIVE.finditer(code):
        word = directive.group(1)
        if len(pending) > _MAX_DEPTH:
            return
        if word in _BEGINS:
            dead = word == b"if" and _DEAD.fullmatch(directive.group(2)) is not None
            pending.append(_Conditional([], dead))
        elif not pending or (word not in _GOES_ON and word != b"endif"):
            continue
        pending[-1].directives.append(directive.span())
        if word == b"endif":
            yield pending.pop()


def _stands_between_statements(code: bytearray, conditional: _Conditional) -> bool:
    before = code[max(0, conditional.directives[0][0] - 2_000) : conditional.directives[0][0]]
    last = before.rstrip()[-1:]
    if last and last not in b";{}:":
        return False
    return all(
        _is_balanced(code[start:end]) and _is_whole(code[start:end])
        for start, end in conditional.branches
    )


def _is_whole(branch: bytearray) -> bool:
    text = branch.strip()
    if not text:
        return True
    return text[-1:] in b";}:)" and not _CONTINUES.match(text) and not _is_header(text)


_HEADER = re.compile(rb"(?:\w[\s*&]+[\w:~]+|\b(?:if|for|while|switch))\s*\([^;{}]*\)$")


def _is_header(text: bytearray) -> bool:
    """Say whether a branch ends in what needs a body: `int f(void)`, `if (x)`."""
    return text.endswith(b")") and _HEADER.search(text) is not None


_UNFINISHED = re.compile(rb"(?:\belse|[=()+&|?.<-])\Z")


def _tears(code: bytearray, conditional: _Conditional) -> bool:
    """Say whether a branch begins or ends inside of a statement: `if (a) b(); else`, `void f()`."""
    branches = [code[start:end].strip() for start, end in conditional.branches]
    return any(
        not _is_balanced(each) or _CONTINUES.match(each) or _UNFINISHED.search(each)
        for each in branches
    )


def _is_balanced(branch: bytearray) -> bool:
    depth = 0
    for bracket in branch.translate(None, _NOT_BRACKETS):
        depth += _BRACKETS[bracket]
        if depth < 0:
            return False
    return depth == 0


def _given_up(code: bytearray, conditional: _Conditional) -> Iterator[tuple[int, int]]:
    """Yield what is blanked: the directives, and branches that cannot follow the first one."""
    yield from conditional.directives
    branches = [each for each in conditional.branches if code[each[0] : each[1]].strip()]
    if conditional.dead and conditional.branches[0] in branches:
        yield branches.pop(0)
    texts = [code[start:end].strip() for start, end in branches]
    follow = all(text[-1:] in b",;}" and _is_balanced(text) for text in texts)
    if len(texts) > 1 and not (follow and not any(map(_CONTINUES.match, texts))):
        yield from branches[1:]


# --- macros -----------------------------------------------------------------------------------

_NAME = rb"[A-Z][A-Z0-9_]{2,}"
_ARGUMENTS = rb"(?:\s?\((?:\"(?:\\.|[^\"\\\n])*\"|[^(){};\"]){0,200}\))?"
_MODIFIER = rb"(?:(?:static|extern|inline|virtual|constexpr|const|explicit|friend)\s+)"
_TYPE = (
    rb"(?:(?:const|unsigned|struct|enum|class|union)\s+)*[A-Za-z_][\w:]*(?:<[^;{}()\n]{0,200}>)?"
)
# Macros between `class` and its name, before a declaration, and behind one.
_IN_CLASS = re.compile(
    rb"\b((?:class|struct|union)\s+)("
    + _NAME
    + _ARGUMENTS
    + rb"(?:\s+"
    + _NAME
    + _ARGUMENTS
    + rb")*)"
    rb"(?=\s+[A-Za-z_][\w:]*(?:<[^;{}()]{0,200}>)?\s*(?:final\s*)?(?:\{|:[^:]))"
)
_FORWARD = re.compile(rb"\b(class\s+)(" + _NAME + rb")(?=\s+[A-Za-z_]\w*\s*;)")
_BEFORE = re.compile(
    rb"^([ \t]*" + _MODIFIER + rb"*)(" + _NAME + _ARGUMENTS + rb")"
    rb"(?=\s+(?:" + _MODIFIER + rb"|(?:class|struct|enum|template|namespace|typedef|using)\b"
    rb"|" + _TYPE + rb"(?:\s*[*&]+\s*|\s+)[A-Za-z_~]))",
    re.MULTILINE,
)
_CONVENTION = re.compile(
    rb"\b[A-Z]\w*_(?:CALL|CDECL|STDCALL|FASTCALL|RESTRICT)\b(?=\s+\**\w)|"
    rb"\b(?:WINAPI|CALLBACK|NTAPI|APIENTRY|STDMETHODCALLTYPE|__(?:cdecl|stdcall|fastcall|forceinline"
    rb"|extension__|restrict|dead2?|unused|printflike))\b"
)
_BEHIND = re.compile(
    rb"\b(?=[A-Z])(?<![=|&^,(+?:] )(?:(?:EXCLUSIVE_|SHARED_)?"
    rb"LOCKS?_(?:REQUIRED|EXCLUDED|RETURNED|FUNCTION)"
    rb"|UNLOCK_FUNCTION|(?:PT_)?GUARDED_(?:BY|VAR)|(?:SHARED_)?(?:TRY_)?"
    rb"(?:ACQUIRE|RELEASE|REQUIRES)(?:_SHARED)?"
    rb"|(?:ACQUIRED_(?:AFTER|BEFORE))|EXCLUDES|(?:SCOPED_|RETURN_|ASSERT_)?CAPABILITY"
    rb"|(?:ABSL_)?NO_THREAD_SAFETY_ANALYSIS|(?:SCOPED_)?LOCKABLE"
    rb"|ABSL_(?:GUARDED_BY|LOCKS_EXCLUDED|EXCLUSIVE_LOCKS_REQUIRED|ATTRIBUTE_\w+)"
    rb"|\w*_(?:ATTRIBUTES?|PRINTF|NOEXCEPT|NONNULL|UNUSED|NORETURN|DEPRECATED|FMT|FORMAT)\d?)\b"
    rb"[ \t]*(?:\([^()\n]*\))?(?=\s*(?:[;{=]|override\b|const\b|EXCL|LOCKS|\w*_NORETURN))"
    rb"|\b(?:_*printflike|_*scanflike|dead2)\b(?:[ \t]*\([\d, ]*\))?"
)
_ALONE = re.compile(rb"\b(?:END_TEST|Q_OBJECT|Q_GADGET|Q_EMIT|Q_INVOKABLE|__(?:BEGIN|END)_DECLS)\b")
_OLD_PARAMETERS = re.compile(rb"\b_{1,2}P(?:ROTO)?\s*\((\([^()]*\))\)")
# Arguments that are no expressions: `check(a, ==, b)`, `next(tree, , x)`, `upcast(a, struct b, c)`.
_OPERATOR = re.compile(rb"(,\s*)(?:[=!<>]=|<<|>>|[<>&|^+*/%-])(?=\s*[,)])")
_NOTHING = re.compile(rb"(,)\s(?=\s*,)")
_STRUCT = re.compile(rb"(,\s*)(?:struct|union)(?=\s+\w+\s*[,)])|(\(\s*)struct(?=\s+\w+\s*,)")
# `FLAG(unsigned int, a, 1)` and `next(list, const char *)`: arguments that are types.
_MACRO_CALL = rb"\b(?:[A-Z][A-Z0-9_]{2,}|va_arg)\s*\((?:[^()\n;{}]*?,)?\s*"
_BUILT_IN = re.compile(
    rb"(" + _MACRO_CALL + rb")"
    rb"((?:(?:unsigned|signed|long|short|const|int|bool|char|float|double)\b[ \t]*)+[*&]*)"
    rb"(?=\s*[,)])"
)
_POINTER = re.compile(
    rb"(" + _MACRO_CALL + rb")((?:(?:const|struct|unsigned)[ \t]+)*)(\w+)([ \t]*\*+)(?=\s*[,)])"
)
_FORMAT_MACRO = re.compile(rb'(?<=")\s*PRI[diouxX]\w+')
_HAS_INCLUDE = re.compile(rb"__has_\w+[ \t]*\([^()\n]*\)")
# `LIST_HEAD(a, b) c;` declares c of a type that is read as if it had no parentheses.
_TYPE_MACRO = re.compile(
    rb"(?<!define )(?<!define\t)\b[A-Z][A-Z_]*_(?:HEAD|ENTRY)\s*"
    rb"\([^()\n;{}]*\)(?=[ \t\n]*\(?[*A-Za-z])"
)
# `FOREACH(a, b) statement` is read as a `while` and told from one by the gap behind the word.
_LOOP_NAME = re.compile(rb"FOREACH|FOR_EACH|for_each|foreach")
_LOOP = re.compile(
    rb"\b(\w*(?:FOREACH|FOR_EACH|for_each|foreach)\w*)"
    rb"(?=\s*\((?:[^();{}]|\((?:[^();{}]|\([^();{}]*\))*\))*\)\s*[{\w*])"
)
_DEFINITION = re.compile(rb"^[ \t]*#[ \t]*define\b(?:\\\r?\n|[^\n])*", re.MULTILINE)
_COMMENT_WITHIN = re.compile(rb"/\*(?:[^\n]|\\\r?\n)*?\*/(?=[ \t]*\S)")
_REST = re.compile(rb"(\([^()\n]*\w)\.\.\.(?=[ \t]*\))")
_SUITE = re.compile(
    rb"^((?:Test|C?TEST|TEST_F|Theory)\s*\()(\w+\s*,\s*)(\w+)([^)]*)(?=\)\s*\{)", re.MULTILINE
)
_TITLED = re.compile(
    rb"""^([ \t]*(?:TEST_CASE|SCENARIO|TEST_CASE_METHOD|TEMPLATE_TEST_CASE|TEST_CASE_FIXTURE)"""
    rb"""\s*\()"""
    rb"""([^\n]*"[^\n]*)(?=\)\s*\{)""",
    re.MULTILINE,
)
_TITLE = re.compile(rb'"(?:\\.|[^"\\])*"')
_NEW_POINTERS = re.compile(
    rb"(\bnew\s+(?:const\s+)?[A-Za-z_][\w:]*(?:<[^;(){}]{0,200}>)?\s*)(\*+)(?=\s*\[)"
)
_MEMBER_POINTER = re.compile(rb"(?<=\()\s*[A-Za-z_][\w:]*::(?=\s*\*)")
_TYPENAME = re.compile(rb"\btypename(?=\s+[\w:]+\()")
_MODULE = re.compile(
    rb"^([ \t]*)((?:export[ \t]+)?import[ \t]+)([<\"]?[\w./:]+[>\"]?)(?=[ \t]*;)", re.MULTILINE
)
_MODULE_HEAD = re.compile(rb"^[ \t]*(?:export[ \t]+)?module\b[^;\n]*;", re.MULTILINE)
_EXPORTED = re.compile(rb"^([ \t]*)export(?=[ \t]+\w)", re.MULTILINE)


def _keep_first(found: re.Match[bytes]) -> bytes:
    return found.group(1) + _blank(found.group()[len(found.group(1)) :])


def _as_while(found: re.Match[bytes]) -> bytes:
    start = found.start()
    before = found.string[max(0, start - 200) : start].rstrip()
    begins = not before or before[-1:] in b";{}):/" or before.endswith((b"else", b"do"))
    return b"while".ljust(len(found.group(1))) if begins else found.group()


def _as_zero(found: re.Match[bytes]) -> bytes:
    return found.group(1) + b"0".ljust(len(found.group()) - len(found.group(1)))


def _without_struct(found: re.Match[bytes]) -> bytes:
    kept: bytes = found.group(1) or found.group(2)
    return kept + b" " * (len(found.group()) - len(kept))


def _as_name_of_type(found: re.Match[bytes]) -> bytes:
    return found.group(1) + re.sub(rb"\W", b"_", found.group(2)[:-1]) + b"_"


def _types_as_names(source: bytes) -> bytes:
    """Let types among a macro's arguments be read as names; a few of one call."""
    made = source
    for _ in range(3):
        before = made
        made = _BUILT_IN.sub(_as_name_of_type, _POINTER.sub(_bare_name, before))
        if made == before:
            break
    return made


def _bare_name(found: re.Match[bytes]) -> bytes:
    first, words, name, stars = found.groups()
    return first + b" " * len(words) + name + b" " * len(stars)


def _as_one(found: re.Match[bytes]) -> bytes:
    return b"1".ljust(len(found.group()))


def _as_type(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"\W", b"_", found.group())


def _unwrapped(found: re.Match[bytes]) -> bytes:
    before = found.start(1) - found.start()
    return b" " * before + found.group(1) + b" "


def _readable(definition: bytes) -> bytes:
    """Return a `#define` without what ends it too early for the grammar: comments inside it."""
    made = _COMMENT_WITHIN.sub(_blanked, definition) if b"/*" in definition else definition
    return _REST.sub(rb"\1   ", made, count=1)


def _as_parameters(found: re.Match[bytes]) -> bytes:
    """Let a test's title be read as the name of a parameter's type."""
    return found.group(1) + _TITLE.sub(_as_name, found.group(2))


def _as_name(title: re.Match[bytes]) -> bytes:
    return re.sub(rb"\W|^\d", b"_", title.group())


def _as_using(found: re.Match[bytes]) -> bytes:
    """`import a.b` is read as a `using` of a name in which `$` stands for what no name has."""
    name = re.sub(rb"\W", b"$", found.group(3))
    return found.group(1) + b"using ".ljust(len(found.group(2))) + name


def without_macros(source: bytes) -> bytes:
    """Return a C source without macros that its grammar takes for something else."""
    made = source
    for pattern in (_CONVENTION, _ALONE, _BEHIND, _FORMAT_MACRO):
        made = pattern.sub(_blanked, made)
    made = _OLD_PARAMETERS.sub(_unwrapped, made)
    made = _IN_CLASS.sub(_keep_first, made)
    made = _BEFORE.sub(_keep_first, made)
    made = _NOTHING.sub(rb"\g<1>0", _OPERATOR.sub(_as_zero, made))
    made = _types_as_names(_STRUCT.sub(_without_struct, made))
    made = _HAS_INCLUDE.sub(_as_one, made)
    if b"_HEAD" in made or b"_ENTRY" in made:
        made = _TYPE_MACRO.sub(_as_type, made)
    if _LOOP_NAME.search(made):
        made = _LOOP.sub(_as_while, made)
    return _with_definitions_of(source, made)


def _with_definitions_of(source: bytes, made: bytes) -> bytes:
    """Return the source made of another, but with the latter's definitions of macros."""
    pieces: list[bytes] = []
    at = 0
    for definition in _DEFINITION.finditer(source):
        pieces += (made[at : definition.start()], _readable(definition.group()))
        at = definition.end()
    return b"".join((*pieces, made[at:]))


def _as_one_name(found: re.Match[bytes]) -> bytes:
    return found.group(1) + _blank(found.group(2)) + found.group(3) + _blank(found.group(4))


def prepare_c(source: bytes) -> bytes:
    """Return a C source that the grammar reads."""
    return whole_conditionals(_SUITE.sub(_as_one_name, without_macros(source)))


def prepare_csharp(source: bytes) -> bytes:
    """Return a C# source without conditionals inside of statements: its grammar knows others."""
    return _without(source, _tears)


def prepare_cpp(source: bytes) -> bytes:
    """Return a C++ source that the grammar reads, modules and titled tests included."""
    made = _FORWARD.sub(_keep_first, without_macros(source))
    made = _TYPENAME.sub(_blanked, _MEMBER_POINTER.sub(_blanked, made))
    made = _NEW_POINTERS.sub(_keep_first, made)
    if b"TEST_CASE" in made or b"SCENARIO" in made:
        made = _TITLED.sub(_as_parameters, made)
    if b"import" in made or b"module" in made:
        made = _MODULE_HEAD.sub(_blanked, _MODULE.sub(_as_using, made))
        made = _EXPORTED.sub(_keep_first, made)
    return whole_conditionals(made)
