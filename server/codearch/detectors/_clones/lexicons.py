"""How each language's source falls into tokens: data alone.

A lexicon is what a language's comments, imports and literals look like. `passed` is what no clone
is made of: comments, docs, imports, preprocessor lines.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_LINE = r"//[^\n]*"
_BLOCK = r"/\*(?s:.*?)(?:\*/|\Z)"
_DOUBLE = r'"(?:[^"\\\n]|\\.|\\\n)*"?'
_SINGLE = r"'(?:[^'\\\n]|\\.|\\\n)*'?"
_OPERATOR = r"[-+*/%&|^=!<>]=|&&|\|\||->|=>|::|\+\+|--|<<|\?\?|\?\.|:=|\*\*|\.\.\.?|//|[^\w\s]"
_C_LITERALS = "true false null nullptr NULL TRUE FALSE"


@dataclass(frozen=True)
class Lexicon:
    """One language's tokens. Languages of one `family` are compared with each other."""

    family: str
    keywords: frozenset[str]
    literals: frozenset[str]  # words that stand for a value
    passed: tuple[str, ...]
    strings: tuple[str, ...]
    statements: str  # tokens that end a statement
    by_line: bool = False  # a line's end also ends one, outside brackets
    remark: str = "//"  # begins a comment that ends with its line

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern whose matches are the source's tokens, line ends among them."""
        parts = ("\n", *self.passed, *self.strings, r"[\w$]+", _OPERATOR)
        return re.compile("|".join(parts), re.MULTILINE)

    @functools.cached_property
    def skipped(self) -> re.Pattern[str]:
        """The pattern of what no clone is made of."""
        return re.compile("|".join(self.passed), re.MULTILINE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTROL = _words(
    "if elif else for foreach while do switch case match when return yield throw raise try catch"
    " except finally loop select defer await break continue goto"
)
_C = Lexicon(
    family="c",
    keywords=_words(
        "auto break case catch class const constexpr continue default delete do else enum explicit"
        " extern final for friend goto if inline namespace new noexcept operator override private"
        " protected public register return sizeof static static_cast struct switch template this"
        " throw try typedef typename union using virtual volatile while co_await co_return"
    ),
    literals=_words(_C_LITERALS),
    passed=(
        _LINE,
        _BLOCK,
        r"^[ \t]*\#(?:[^\n\\]|\\(?:.|\n))*",
        r"^[ \t]*using\s[^;{}()=]*;",
        r"^[ \t]*(?:extern[ \t]+\"C\"[ \t]*\{)",
    ),
    strings=(
        r'(?:u8|[uUL])?R"[^()\s\\]{0,16}\((?s:.*?)\)[^()\s\\]{0,16}"',
        f"[LuU]?{_DOUBLE}",
        _SINGLE,
    ),
    statements=";{}",
)
_ECMASCRIPT = Lexicon(
    family="ecmascript",
    keywords=_words(
        "abstract as async await break case catch class const continue debugger default delete do"
        " else enum export extends finally for from function get if implements in instanceof"
        " interface is keyof let new of private protected public readonly return set static super"
        " switch this throw try type typeof var void while with yield"
    ),
    literals=_words("true false null undefined NaN"),
    passed=(
        _LINE,
        _BLOCK,
        r"^import\b(?![ \t]*\()[^;'\"]*(?:'[^'\n]*'|\"[^\"\n]*\")[^\n;]*;?",
        r"^export\s+(?:type\s+)?(?:\*|\{)[^;'\"()=]*from\s*(?:'[^'\n]*'|\"[^\"\n]*\");?",
        r"^(?:const|let|var)\s+[^;=()]+=\s*require\([^)\n]*\)[^\n;,]*;?$",
        r"^['\"]use strict['\"];?",
    ),
    strings=(
        r"`(?:[^`\\]|\\(?s:.))*`?",
        _DOUBLE,
        _SINGLE,
        r"(?<=[(,=:\[!&|?;{}\n])[ \t]*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*",
    ),
    statements=";{}",
    by_line=True,
)
LEXICONS: dict[str, Lexicon] = {
    "python": Lexicon(
        family="python",
        keywords=_words(
            "and as assert async await break case class cls continue def del elif else except"
            " finally for from global if import in is lambda match nonlocal not or pass raise"
            " return self super try while with yield"
        ),
        literals=_words("True False None"),
        passed=(
            r"\#[^\n]*",
            r"^[ \t]*[rRuUbB]{0,2}(?:\"\"\"(?s:.*?)(?:\"\"\"|\Z)|'''(?s:.*?)(?:'''|\Z))",
            r"^[ \t]*import[ \t][^\n;]*",
            r"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]*\)|(?:\\\n|[^\n;\\])*)",
        ),
        strings=(
            r"[rRuUbBfF]{0,2}(?:\"\"\"(?s:.*?)(?:\"\"\"|\Z)|'''(?s:.*?)(?:'''|\Z))",
            f"[rRuUbBfF]{{1,2}}(?:{_DOUBLE}|{_SINGLE})",
            _DOUBLE,
            _SINGLE,
        ),
        statements=";",
        by_line=True,
        remark="#",
    ),
    "javascript": _ECMASCRIPT,
    "typescript": _ECMASCRIPT,
    "c": _C,
    "cpp": _C,
    "java": Lexicon(
        family="java",
        keywords=_words(
            "abstract assert break case catch class const continue default do else enum extends"
            " final finally for if implements import instanceof interface native new package"
            " private protected public return static super switch synchronized this throw throws"
            " transient try volatile while var record yield"
        ),
        literals=_words("true false null"),
        passed=(_LINE, _BLOCK, r"^[ \t]*(?:import|package)\s[^;{}()]*;", r"^[ \t]*@Override\b"),
        strings=(r'"""(?s:.*?)(?:"""|\Z)', _DOUBLE, _SINGLE),
        statements=";{}",
    ),
    "csharp": Lexicon(
        family="csharp",
        keywords=_words(
            "abstract as async await base break case catch checked class const continue default"
            " delegate do else enum event explicit extern finally fixed for foreach get goto if"
            " implicit in init interface internal is lock namespace new operator out override"
            " params partial private protected public readonly record ref return sealed set sizeof"
            " static struct switch this throw try typeof unchecked unsafe using var virtual void"
            " volatile when where while yield"
        ),
        literals=_words("true false null"),
        passed=(
            _LINE,
            _BLOCK,
            r"^[ \t]*\#[^\n]*",
            r"^[ \t]*(?:global[ \t]+)?using\s[^;{}()]*;",
            r"^[ \t]*namespace\s+[\w.]+\s*;",
        ),
        strings=(
            r'"""(?s:.*?)(?:"""|\Z)',
            r'(?:\$@|@\$|@)"(?:[^"]|"")*"?',
            rf"\$?{_DOUBLE}",
            _SINGLE,
        ),
        statements=";{}",
    ),
    "go": Lexicon(
        family="go",
        keywords=_words(
            "break case chan const continue default defer else fallthrough for func go goto if"
            " import interface map package range return select struct switch type var"
        ),
        literals=_words("true false nil iota"),
        passed=(
            _LINE,
            _BLOCK,
            r"^package[ \t]+\w+",
            r"^import\s*\([^)]*\)",
            r"^import[ \t]+(?:[\w.]+[ \t]+)?\"[^\"\n]*\"",
        ),
        strings=(r"`[^`]*`?", _DOUBLE, _SINGLE),
        statements=";{}",
        by_line=True,
    ),
    "rust": Lexicon(
        family="rust",
        keywords=_words(
            "as async await break const continue crate dyn else enum extern fn for if impl in let"
            " loop match mod move mut pub ref return self Self static struct super trait type"
            " unsafe use where while"
        ),
        literals=_words("true false"),
        passed=(
            _LINE,
            _BLOCK,
            r"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?use\s[^;()]*;",
            r"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?(?:mod[ \t]+\w+|extern[ \t]+crate[^;]*);",
            r"^[ \t]*\#!?\[[^\]\n]*\]",
        ),
        strings=(
            r'b?r"[^"]*"|b?r\#"(?s:.*?)"\#|b?r\#\#"(?s:.*?)"\#\#',
            r'b?"(?:[^"\\]|\\(?s:.))*"?',
            r"b?'(?:[^'\\\n]|\\[^\n][^'\n]*)'",
        ),
        statements=";{},",
    ),
}  # fmt: skip
