"""Reasons to leave a Python import alone although its own file never reads the name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.parse.comments import without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.detectors._imported import Imported
    from codearch.facts import FileFacts, Import

SIDE_EFFECTS = frozenset(  # modules that do something to the program when they are loaded
    {"readline", "rlcompleter", "this", "antigravity", "mpl_toolkits.mplot3d", "usercustomize"}
)
SUFFIXES = frozenset({".py", ".pyi", ".pyw", ""})  # Cython's files are read only in part
PASSING_ON = re.compile(r"__init__|conftest|_?(py)?[23]?_?compat(ibility)?\d?|six|py2|py3k?")
_BY_NAME = frozenset({"eval", "exec", "execfile", "globals", "locals", "vars"})
_GIVEN_NAMES = re.compile(r"__\w+__|_|load_tests|setUpModule|tearDownModule|pytest_\w+")
_PROBE_HEADER = re.compile(  # it may fail, is never run, or fails on purpose
    r"(try|except|finally|else)\b|(el)?if\s+(0|False|_false|None)\s*:"
    r"|(async\s+)?with\b.*(raises|assertRaises|suppress|warns|catch_warnings)"
)
_BLOCK_HEADER = re.compile(r"(try|except|finally|else|elif|if|with|for|while|def|class|async)\b")
_LOADING = re.compile(r"ready|_?(register|autodiscover)\w*|_?import_(all|\w*modules|models)")


def kept_in_python(file: FileView, imported: Imported) -> bool:
    """Say whether a Python import has a use, or a purpose, that its own file does not show."""
    definition, statement, _ = imported
    if PurePosixPath(file.path).suffix not in SUFFIXES or _GIVEN_NAMES.fullmatch(definition.name):
        return True
    if statement.module == "__future__" or statement.module in SIDE_EFFECTS:
        return True
    if definition.name in file.facts.exports or _same_name_alias(file, imported):
        return True
    if statement.deferred and definition.scope == 0:
        return True  # `global` made it a name of the module, which others read
    scope_symbol = file.facts.scopes[definition.scope].symbol
    owner = file.facts.symbols[scope_symbol] if scope_symbol >= 0 else None
    if owner is not None and owner.kind in CALLABLE_KINDS:
        # Django's AppConfig.ready and its like import modules for what loading them does, and
        # tests to see whether they can be.
        by_function = owner.test or _LOADING.fullmatch(owner.name) is not None
        return by_function or _is_probe(file, statement)
    an_attribute = owner is not None and owner.kind in TYPE_KINDS
    return an_attribute or _kept_in_module(file, imported)


def _kept_in_module(file: FileView, imported: Imported) -> bool:
    name, statement = imported.definition.name, imported.statement
    return (
        PASSING_ON.fullmatch(PurePosixPath(file.path).stem) is not None
        or (statement.kind == "from" and _is_facade(file.facts))
        or _publishes(file, statement, name)
        or _loads_submodule(file.facts, statement)
        or _is_probe(file, statement)
        or _is_fixture(file.facts, name)
        or _in_doctest(file, name)
        or _taken_by_importers(file, name)
    )


def looks_names_up(facts: FileFacts) -> bool:
    """Say whether the file gets at names by their text."""
    return any(not call.receiver and call.name in _BY_NAME for call in facts.calls)


def _same_name_alias(file: FileView, imported: Imported) -> bool:
    """Recognise `import a as a` and `from b import a as a`: how typed packages re-export."""
    _, statement, name = imported
    whole = name.name or statement.module
    before = file.source[statement.span.start_byte : name.span.start_byte]
    return name.alias == whole and re.search(rb"\bas\s+$", before) is not None


def _is_probe(file: FileView, each: Import) -> bool:
    """Say whether the import stands in a `try`: it asks whether the module is there."""
    return each.guarded and any(_PROBE_HEADER.match(header) for header in _headers(file, each))


def _headers(file: FileView, each: Import) -> Iterator[str]:
    """Yield the first lines of the blocks around an import, the innermost first."""
    line = each.span.line
    text = file.line_text(line)
    if _BLOCK_HEADER.match(text.lstrip()):
        yield text.lstrip()  # try: import a
    indent = len(text) - len(text.lstrip())
    for above in range(line - 1, -1, -1):
        if indent == 0:
            return
        text = file.line_text(above)
        bare = text.lstrip()
        if bare and not bare.startswith("#") and len(text) - len(bare) < indent:
            indent = len(text) - len(bare)
            yield bare


def _is_facade(facts: FileFacts) -> bool:
    """Say whether a file holds imports and nothing that would need them: it passes them on."""
    return not facts.calls and all(symbol.kind == "module" for symbol in facts.symbols)


def _publishes(file: FileView, statement: Import, name: str) -> bool:
    """Say whether a public module passes on names of its private half: `from _ssl import x`."""
    module = statement.module.rpartition(".")[2]
    if statement.kind != "from" or not module.startswith("_"):
        return False
    own = PurePosixPath(file.path).stem
    return module.lstrip("_") == own or (
        statement.level > 0 and not own.startswith("_") and not name.startswith("_")
    )


def _loads_submodule(facts: FileFacts, statement: Import) -> bool:
    """Recognise `import a.b`: it sets `b` on `a`, which another import may have bound."""
    package, _, rest = statement.module.partition(".")
    binds_package = (
        bool(rest) and statement.kind == "import" and statement.names[0].alias == package
    )
    return binds_package and any(
        other is not statement and other.module == package and other.level == 0
        for other in facts.imports
    )


def _is_fixture(facts: FileFacts, name: str) -> bool:
    """Say whether a test or fixture takes a parameter of this name, which pytest hands over."""
    return any(
        name in {parameter.name for parameter in symbol.parameters}
        for symbol in facts.symbols
        if symbol.test or any("fixture" in decorator for decorator in symbol.decorators)
    )


def _in_doctest(file: FileView, name: str) -> bool:
    """Say whether an example in a doc or string uses the name: it sees the module's names."""
    if b">>>" not in file.source:
        return False
    line = rb"^[ \t]*(>>>|\.\.\.)[ \t].*(?<![\w.])%b(?!\w)" % re.escape(name.encode())
    return re.search(line, file.source, re.MULTILINE) is not None


def _taken_by_importers(file: FileView, name: str) -> bool:
    """Say whether another file of the workspace gets the name through this one."""
    if file.project is None:
        return False
    pure = PurePosixPath(file.path)
    for path, written in file.project.importers_naming(file.path, [name.encode()]):
        facts = file.project.facts(path)
        source = without_comments(written, facts)
        for each in facts.imports:
            if _takes(each, pure.stem, name, source):
                return True
    return False


def _takes(each: Import, module: str, name: str, source: bytes) -> bool:
    for got in each.names:
        from_it = each.kind == "from" and each.module.rpartition(".")[2] == module
        if from_it and got.name == name:
            return True
        if from_it and got.name == "*" and re.search(rb"\b%b\b" % re.escape(name.encode()), source):
            return True
        means_it = got.name == module or each.module.rpartition(".")[2] == module
        if means_it and re.search(rb"\b%b\.%b\b" % (module.encode(), name.encode()), source):
            return True
        if means_it and re.search(rb"\b%b\.%b\b" % (got.alias.encode(), name.encode()), source):
            return True
    return False
