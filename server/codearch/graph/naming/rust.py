"""Rust: modules are files that `mod` declares below a crate's root, crates those of Cargo.toml."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.graph.common import words
from codearch.graph.lookup import (
    class_member,
    defined_in_file,
    implemented,
    name_in_namespace,
    type_at,
)
from codearch.graph.meaning import EXTERNAL, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._places import chosen, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.facts import ImportedName
    from codearch.graph.atlas import Atlas
    from codearch.graph.workspace import Place

LANGUAGES = frozenset({"rust"})
ROOT_FILES = frozenset({"lib.rs", "main.rs", "build.rs"})
ROOT_FOLDERS = frozenset({"tests", "examples", "benches", "bin"})
DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")
SYSTEM_CRATES = frozenset({"std", "core", "alloc", "proc_macro", "test"})
PRELUDE = words(
    """
    Some None Ok Err Option Result Vec String Box ToString ToOwned Into From Iterator IntoIterator
    Extend Default Clone Copy Send Sync Sized Drop Fn FnMut FnOnce AsRef AsMut Eq Ord PartialEq
    PartialOrd DoubleEndedIterator ExactSizeIterator TryFrom TryInto FromIterator drop str bool char
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64
    assert assert_eq assert_ne cfg column compile_error concat dbg debug_assert debug_assert_eq
    debug_assert_ne env eprint eprintln file format format_args include include_bytes include_str
    line macro_rules matches module_path option_env panic print println stringify thread_local todo
    unimplemented unreachable vec write writeln derive test cfg_attr allow warn deny inline
    """
)
HANDS_ON = words(
    """
    unwrap expect unwrap_or_default unwrap_or_else clone to_owned borrow borrow_mut as_ref as_mut
    as_deref as_deref_mut lock read write into_inner get_mut await into iter by_ref
    """
)


# --- crates -----------------------------------------------------------------------------------


def _crates(atlas: Atlas) -> dict[str, str]:
    """Return the folder of each crate of the workspace by its name in source."""

    def read() -> dict[str, str]:
        found: dict[str, str] = {}
        renamed: dict[str, str] = {}  # `tui = { path = "../helix-tui", package = "helix-tui" }`
        for path, text in atlas.configs("Cargo.toml"):
            try:
                manifest = tomllib.loads(text)
            except (tomllib.TOMLDecodeError, RecursionError):
                continue
            folder = path.rpartition("/")[0]
            for table in ("package", "lib"):
                section = manifest.get(table)
                name = section.get("name") if isinstance(section, dict) else None
                if isinstance(name, str):
                    found.setdefault(name.replace("-", "_"), folder)
            for name, place in _path_dependencies(manifest):
                renamed.setdefault(name.replace("-", "_"), under(folder, place))
        return renamed | found

    return atlas.once(("crates",), read) or {}


def _path_dependencies(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and path of each dependency that lies in the workspace."""
    tables = [manifest.get(name) for name in DEPENDENCIES]
    workspace = manifest.get("workspace")
    if isinstance(workspace, dict):
        tables.append(workspace.get("dependencies"))
    for table in tables:
        for name, value in table.items() if isinstance(table, dict) else ():
            place = value.get("path") if isinstance(value, dict) else None
            if isinstance(place, str):
                yield name, place


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _library(atlas: Atlas, folder: str) -> Meaning | None:
    """Return the root file of the crate in a folder: its library, else its program."""
    for name in ("src/lib.rs", "src/main.rs", "lib.rs", "main.rs"):
        path = _joined(folder, name)
        if atlas.has(path):
            return Meaning("file", path)
    return None


def _is_root(path: str) -> bool:
    """Say whether a file is the root of a crate by where it lies."""
    folder, _, name = path.rpartition("/")
    return name in ROOT_FILES or folder.rpartition("/")[2] in ROOT_FOLDERS


def _crate_root(atlas: Atlas, path: str) -> Meaning | None:
    """Return the root file of the crate that a file belongs to."""
    if _is_root(path):
        return Meaning("file", path)
    folder = path.rpartition("/")[0]
    while True:
        if atlas.has(_joined(folder, "Cargo.toml")):
            return _library(atlas, folder)
        for name in ("lib.rs", "main.rs"):
            if atlas.has(_joined(folder, name)):
                return Meaning("file", _joined(folder, name))
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


# --- modules ----------------------------------------------------------------------------------


def _child_file(atlas: Atlas, path: str, name: str, owner: int = -1) -> Meaning | None:
    """Return the file of `mod name;` in a file, or in an inline module of it."""
    folder, _, file = path.rpartition("/")
    stem = file.removesuffix(".rs")
    home = folder if _is_root(path) or stem == "mod" else _joined(folder, stem)
    for inline in _inline_names(atlas, path, owner):
        home = _joined(home, inline)
    for place in (f"{name}.rs", f"{name}/mod.rs"):
        if atlas.has(_joined(home, place)):
            return Meaning("file", _joined(home, place))
    return None


def _inline_names(atlas: Atlas, path: str, owner: int) -> list[str]:
    """Return the names of the inline modules around a place, outermost first."""
    view = atlas.view(path) if owner >= 0 else None
    names: list[str] = []
    while view is not None and owner >= 0:
        names.insert(0, view.outline.members[owner].name)
        owner = view.outline.members[owner].parent
    return names


def _parent_file(atlas: Atlas, path: str) -> Meaning | None:
    """Return the module that declares this file's, None for a crate's root."""
    folder, _, file = path.rpartition("/")
    if _is_root(path):
        return None
    if file == "mod.rs":
        folder = folder.rpartition("/")[0]
    above, _, stem = folder.rpartition("/")
    candidates = [_joined(folder, name) for name in ("mod.rs", "lib.rs", "main.rs")]
    candidates.append(_joined(above, stem + ".rs"))
    for candidate in candidates:
        if candidate != path and atlas.has(candidate):
            return Meaning("file", candidate)
    return _inline_parent(atlas, above, stem)


def _inline_parent(atlas: Atlas, above: str, name: str) -> Meaning | None:
    """Return the inline module `mod name { mod file; }` of a root file in the folder above."""
    for path in atlas.paths_in(above):
        view = atlas.view(path) if path.endswith(".rs") and _is_root(path) else None
        for index in view.top.get(name, ()) if view is not None else ():
            if view is not None and view.outline.members[index].kind == "namespace":
                return Meaning("symbol", path, index)
    return None


def _enclosing(path: str, owner: int) -> Meaning:
    """Return the module that stands around a place: an inline one, or the file."""
    return Meaning("file" if owner < 0 else "symbol", path, owner)


def _super(atlas: Atlas, here: Meaning) -> Meaning | None:
    if here.symbol < 0:
        return _parent_file(atlas, here.path)
    view = atlas.view(here.path)
    parent = view.outline.members[here.symbol].parent if view else -1
    while view is not None and parent >= 0 and view.outline.members[parent].kind != "namespace":
        parent = view.outline.members[parent].parent
    return _enclosing(here.path, parent)


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return what the path before `::{...}` of a `use` means, or the file of `mod name;`."""
    key = ("rust module", at.path, at.owner, at.each.kind, at.each.module)
    return atlas.once(key, lambda: _module(atlas, at))


def _module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    if at.each.kind != "use":
        return _child_file(atlas, at.path, at.each.module, at.owner)
    parts = [part for part in at.each.module.split("::") if part]
    here = _enclosing(at.path, at.owner)
    if not parts:
        return here
    found = _start(atlas, here, parts[0])
    for part in parts[1:]:
        if found is None or found.what in {"external", "unknown"}:
            return found
        found = _super(atlas, found) if part == "super" else _step(atlas, found, part)
    return found


def _start(atlas: Atlas, here: Meaning, name: str) -> Meaning | None:
    """Return what the first part of a path means."""
    if name == "crate":
        return _crate_root(atlas, here.path)
    if name == "self":
        return here
    if name == "super":
        return _super(atlas, here)
    own = _step(atlas, here, name)
    if own is not None and own.what not in {"external", "unknown"}:
        return own
    if name in _crates(atlas):
        return _library(atlas, _crates(atlas)[name])
    return own or EXTERNAL


def _step(atlas: Atlas, owner: Meaning, name: str) -> Meaning | None:
    """Return the module or type of a name: functions have names of their own."""
    found = inside(atlas, owner, Sought(name))
    view = atlas.view(found.path) if found is not None and found.what == "symbol" else None
    if (
        view is None
        or found is None
        or view.outline.members[found.symbol].kind not in CALLABLE_KINDS
    ):
        return found
    return _child_file(atlas, owner.path, name, owner.symbol)


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a module holds: its items, what it imports, its child files."""
    if owner.what == "file":
        found = defined_in_file(atlas, owner.path, name)
        if found is not None and found.what != "unknown":
            return found
        return _child_file(atlas, owner.path, name.name) or found
    view = atlas.view(owner.path)
    if view is None or owner.symbol < 0:
        return None
    if view.outline.members[owner.symbol].kind == "namespace":
        found = name_in_namespace(atlas, owner, name)
        if found is not None and found.what != "unknown":
            return found
        return _child_file(atlas, owner.path, name.name, owner.symbol) or found
    return class_member(atlas, owner, name)


def bound(atlas: Atlas, at: ImportAt, name: ImportedName, sought: Sought) -> Meaning | None:
    """Return what one name of a `use` binds."""
    source = module(atlas, at)
    if source is None or source.what in {"external", "unknown"} or name.name in {"", "self"}:
        return source
    found: Meaning | None = source
    for part in name.name.split("::"):
        if found is None or found.what in {"external", "unknown"}:
            return found
        found = _inside_but(atlas, found, sought._replace(name=part), (at.path, at.owner))
    return found


def _inside_but(
    atlas: Atlas, owner: Meaning, name: Sought, importer: tuple[str, int]
) -> Meaning | None:
    """Return what a module holds; `use foo::bar` at the root may also mean the crate foo."""
    found = inside(atlas, owner, name)
    if found is None and (owner.path, owner.symbol) == importer:
        return _start(atlas, owner, name.name)
    return found


def around(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what `crate`, `self`, `super`, a crate's or a macro's name means, or EXTERNAL."""
    if name.name in {"crate", "self", "super"}:
        return _start(atlas, Meaning("file", path), name.name)
    child = _child_file(atlas, path, name.name)
    if child is not None:
        return child
    if name.name in _crates(atlas):
        return _library(atlas, _crates(atlas)[name.name])
    macros = [
        each
        for each in atlas.defining(name.name)
        if each.kind == "macro" and each.language == "rust"
    ]
    if macros:
        return chosen(atlas, macros, path, name)
    return EXTERNAL if name.name in PRELUDE | SYSTEM_CRATES else None


# --- types ------------------------------------------------------------------------------------


def scattered(atlas: Atlas, owner: Meaning, name: Sought) -> Sequence[Meaning]:
    """Return the method of this name in the impl blocks of a type, its own crate's first."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    type_name = view.outline.members[owner.symbol].name
    places = [
        place
        for place in atlas.defining(name.name)
        if place.language == "rust"
        and place.container.rpartition(".")[2] == type_name
        and _is_of(atlas, place, owner)
    ]
    found = chosen(atlas, places, owner.path, name)
    return (found,) if found else ()


def _is_of(atlas: Atlas, place: Place, owner: Meaning) -> bool:
    """Say whether a method stands in an impl block of this very type, not of a namesake."""
    view = atlas.view(place.path)
    parent = view.outline.members[place.symbol].parent if view is not None else -1
    if parent < 0:
        return False
    of = implemented(atlas, Meaning("symbol", place.path, parent))
    return (of.path, of.symbol) == (owner.path, owner.symbol)


def further_bases(atlas: Atlas, owner: Meaning) -> Sequence[Meaning]:
    """Return the traits that impl blocks anywhere implement for a type of this name."""
    view = atlas.view(owner.path)
    if view is None or view.outline.members[owner.symbol].kind not in TYPE_KINDS:
        return ()
    found: list[Meaning] = []
    for place in atlas.defining(view.outline.members[owner.symbol].name):
        there = atlas.view(place.path) if place.kind == "impl" else None
        if there is not None and place.language in LANGUAGES:
            part = there.outline.members[place.symbol]
            bases = (type_at(atlas, place.path, part.parent, base) for base in part.bases)
            found += [base for base in bases if base is not None and base.what == "instance"]
    return found


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    bound=bound,
    inside=inside,
    around=around,
    scattered=scattered,
    further_bases=further_bases,
    above=lambda atlas, path, namespace: _super(atlas, _enclosing(path, namespace)),
    self_words=frozenset({"self"}),
    super_words=frozenset(),
    hands_on=HANDS_ON,
    paths=True,
)
