"""What each language says of the use of names: data alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._unused import scopes
from codearch.detectors._unused.mentions import Way
from codearch.facts import CALLABLE_KINDS, TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codearch.detectors._unused.scopes import Case, Scope

PROSE = frozenset({"markdown", "restructuredtext", "asciidoc", "org", "latex", "text"})
C_FAMILY = frozenset({"c", "cpp"})
SCRIPTS = frozenset({"javascript", "typescript"})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a language says of the use of names."""

    scope: Callable[[Case], Scope | None]  # None: to be used from places that are not seen
    ways: Mapping[Scope, frozenset[Way]]  # that a definition may be mentioned from other files
    given: re.Pattern[str]  # names that are called by what the language, or a framework, says
    harmless: re.Pattern[str]  # decorators that hand a definition to nobody
    reflects: re.Pattern[bytes] | None = None  # without it, strings of a file name nothing
    calls_apart: bool = False  # a variable does not hide a function of its name
    bare_members: bool = False  # members are named without their object
    lookup: frozenset[bytes] = frozenset()  # functions that find members by their names
    puts_members: bool = False  # names that are put together are those of members alone
    constants: bool = False  # an underscore makes them private to their file
    overridable: bool = False  # methods that are seen in the whole project may be called by bases
    kinds: frozenset[str] = CALLABLE_KINDS | TYPE_KINDS


_NONE: frozenset[Way] = frozenset()
_CODE = frozenset({Way.NAME, Way.MEMBER, Way.OTHER})
_ALL = _CODE | {Way.STRING, Way.PROSE}
_NO_NAME = re.compile(r"(?!)")
RULES: Mapping[str, Rules] = {
    "python": Rules(
        scope=scopes.python,
        ways={"project": _ALL, "importers": _ALL, "function": _NONE},
        given=re.compile(r"_+|__\w+__|_\w+_|_repr_\w+|_ipython_\w+"),
        harmless=re.compile(
            r"@(?:staticmethod|classmethod|property|(?:functools\.)?(?:lru_cache|cache|wraps"
            r"|cached_property|total_ordering|singledispatch)|(?:contextlib\.)?(?:async)?context"
            r"manager|(?:typing\.)?(?:final|no_type_check|type_check_only)"
            r"|(?:dataclasses\.)?dataclass|attrs?\.\w+|attr\.s)(?:\(.*\))?",
            re.DOTALL,
        ),
        lookup=frozenset(
            b"getattr hasattr getattr_static globals locals vars dir methodcaller attrgetter"
            b" __dict__ getmembers".split()
        ),
        constants=True,
        overridable=True,
    ),
    "java": Rules(
        scope=scopes.java,
        ways={"file": frozenset({Way.STRING, Way.OTHER}), "project": _ALL},
        given=re.compile(
            r"readObject|writeObject|readResolve|writeReplace|readObjectNoData|finalize|main"
            r"|valueOf|values"
        ),
        harmless=re.compile(
            r"@(?:\w+\.)*(?:SuppressWarnings\((?!.*(?:unused|all)).*\)|Deprecated(?:\(.*\))?"
            r"|Nullable|NonNull|NotNull|Nonnull|SafeVarargs|CheckForNull|CheckReturnValue"
            r"|CanIgnoreReturnValue|GuardedBy\(.*\)|Contract\(.*\)|FunctionalInterface)",
            re.DOTALL,
        ),
        lookup=frozenset(b"getMethod getDeclaredMethod findMethod invokeMethod".split()),
        reflects=re.compile(
            rb"get(?:Declared)?Methods?\b|findMethod|invoke|MethodHandle|Method(?:Source|Factory)"
            rb"|Reflect|Whitebox|(?:data|Parameters|condition)\w*\s*="
        ),
        calls_apart=True,
        overridable=True,
        bare_members=True,
    ),
    "csharp": Rules(
        scope=scopes.csharp,
        ways={
            "file": frozenset({Way.STRING, Way.OTHER}),
            "project": _CODE | {Way.STRING},
            "function": _NONE,
        },
        given=re.compile(
            r"Main|Dispose|Finalize|Page_\w+|Application_\w+|Session_\w+|ShouldSerialize\w+|Reset\w+"
            r"|Awake|Start|Update|FixedUpdate|LateUpdate|Reset|OnEnable|OnDisable|OnDestroy|OnGUI"
            r"|OnValidate|OnDrawGizmos\w*|OnApplication\w+|OnCollision\w+|OnTrigger\w+|OnMouse\w+"
            r"|OnBecame\w+|OnParticle\w+|OnRender\w+|OnPre\w+|OnPost\w+|OnWillRenderObject"
            r"|OnJoint\w+|OnTransform\w+|OnController\w+|OnAnimator\w+|OnAudio\w+|OnLevel\w+"
            r"|Configure\w*|Startup|PrintMembers|Deconstruct|GetEnumerator|GetAwaiter"
        ),
        harmless=re.compile(
            r"\[(?:[\w.]+\.)?(?:MethodImpl|Obsolete|DebuggerStepThrough|DebuggerHidden|Pure"
            r"|SuppressMessage(?!.*(?:IDE0051|RCS1213|Unused|CA1811|S1144))|NotNull|CanBeNull"
            r"|ExcludeFromCodeCoverage|DebuggerDisplay|StructLayout|Flags|DoesNotReturn"
            r"|EditorBrowsable|SkipLocalsInit|StackTraceHidden|MustUseReturnValue)\b.*\]",
            re.DOTALL,
        ),
        reflects=re.compile(
            rb"Get(?:Runtime)?Methods?\b|Invoke|CreateDelegate|Reflect|SendMessage|MemberData"
            rb"|TestCaseSource|ValueSource|DynamicData|AccessTools|PrivateObject|Binding"
        ),
        lookup=frozenset(b"GetMethod InvokeMember CreateDelegate SendMessage Invoke".split()),
        bare_members=True,
    ),
    "go": Rules(
        scope=scopes.go,
        ways={"folder": _CODE, "project": _CODE},
        given=re.compile(r"main|init|_"),
        harmless=_NO_NAME,
    ),
    "rust": Rules(
        scope=scopes.rust,
        ways={"project": _CODE | {Way.STRING}, "below": _CODE | {Way.STRING}},
        given=re.compile(r"main|_\w*|drop"),
        harmless=re.compile(
            r"#\[(?:inline|must_use|cold|track_caller|derive|doc|repr|non_exhaustive|deprecated"
            r"|rustfmt::skip|clippy::\w+|allow\((?!.*(?:dead_code|unused))|expect\((?!.*(?:dead_code"
            r"|unused))|cfg|cfg_attr|tracing::instrument|instrument|serde|default)\b.*\]",
            re.DOTALL,
        ),
        kinds=frozenset({"function", "method", "struct", "enum", "trait", "union", "type"}),
    ),
    "c": Rules(
        scope=scopes.c,
        ways={"file": frozenset({Way.OTHER, Way.HEADER})},
        given=re.compile(r"main|_"),
        harmless=_NO_NAME,
    ),
    "cpp": Rules(
        scope=scopes.cpp,
        ways={
            "file": frozenset({Way.OTHER, Way.HEADER}),
            "project": _CODE | {Way.STRING},
        },
        given=re.compile(
            r"main|_|swap|begin|end|hash_value|to_json|from_json|PrintTo|tag_invoke|on_\w+"
            r"|AbslHashValue|serialize|save|load"
        ),
        harmless=_NO_NAME,
        bare_members=True,
    ),
}
_SCRIPT = Rules(
    scope=scopes.script,
    ways={
        "project": frozenset({Way.STRING, Way.OTHER, Way.TESTED}),
        "importers": _ALL,
        "file": _NONE,
        "function": _NONE,
    },
    given=re.compile(r"constructor|_+|ng\w+"),
    harmless=_NO_NAME,
    puts_members=True,
)
RULES = {**RULES, "javascript": _SCRIPT, "typescript": _SCRIPT}
