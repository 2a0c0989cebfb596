"""C#: types are found by name in the namespaces that a place stands in or uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import TYPE_KINDS
from codearch.graph.common import words
from codearch.graph.expressions import type_path
from codearch.graph.lookup import bases_of, class_member, type_at
from codearch.graph.meaning import EXTERNAL, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._places import chosen, shared
from codearch.graph.workspace import Place

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from codearch.facts import ImportedName
    from codearch.graph.atlas import Atlas

LANGUAGES = frozenset({"csharp"})
EXTENDED = 0.97  # extension methods are chosen by their first parameter's name alone
MOST_BASES = 50
UNSEEN = 0.85  # a type whose namespace is not used here: by a global using, or a namesake
BUILT_IN = words(
    """
    bool byte char decimal double dynamic float int long nint nuint object sbyte short string uint
    ulong ushort void var nameof typeof sizeof default Console Math String Object Exception Task
    List Dictionary IEnumerable DateTime TimeSpan Guid Array Type Convert Environment Enum Func
    Action Nullable Activator GC Interlocked Monitor Thread Encoding StringBuilder Path File
    Directory Stream MemoryStream ArgumentException ArgumentNullException InvalidOperationException
    """
)


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the namespace of a `using`, or the type of a static one or an alias."""
    return atlas.once(
        ("csharp using", at.path, at.each.module), lambda: _used(atlas, at.path, at.each.module)
    )


def _used(atlas: Atlas, path: str, dotted: str) -> Meaning | None:
    bare = dotted.partition("<")[0]
    if _is_namespace(atlas, bare):
        return Meaning("package", bare, language="csharp")
    namespace, _, name = bare.rpartition(".")
    return _type_in(atlas, {namespace}, name, path) or EXTERNAL


def _is_namespace(atlas: Atlas, dotted: str) -> bool:
    if atlas.declaring(dotted):
        return True
    last = dotted.rpartition(".")[2]
    return any(place.kind == "namespace" for place in atlas.defining(dotted)) or any(
        place.kind == "namespace" and f"{place.container}.{last}".endswith(dotted)
        for place in atlas.defining(last)
    )


def _namespace_of(atlas: Atlas, place: Place) -> str:
    """Return the namespace that a place stands in: the file's, or the containers that are such."""
    view = atlas.view(place.path)
    if view is None:
        return place.container
    members = view.outline.members
    names: list[str] = []
    index = members[place.symbol].parent
    while index >= 0:
        if members[index].kind == "namespace":
            names.insert(0, members[index].name)
        index = members[index].parent
    own = ".".join(names)
    package = view.outline.package
    if not own or own == package or not package:
        return own or package
    return own if own.startswith(package) else f"{package}.{own}"


def _types(atlas: Atlas, name: str) -> list[Place]:
    """Return the types of this name that stand in no other type."""
    found = []
    for place in atlas.defining(name):
        if place.language not in LANGUAGES or place.kind not in TYPE_KINDS:
            continue
        view = atlas.view(place.path)
        parent = view.outline.members[place.symbol].parent if view else -1
        if view is not None and (parent < 0 or view.outline.members[parent].kind not in TYPE_KINDS):
            found.append(place)
    return found


def _type_in(atlas: Atlas, namespaces: Set[str], name: str, near: str) -> Meaning | None:
    places = [each for each in _types(atlas, name) if _namespace_of(atlas, each) in namespaces]
    return chosen(atlas, places, near, Sought(name))


def bound(atlas: Atlas, at: ImportAt, _name: ImportedName, _sought: Sought) -> Meaning | None:
    """Return what an alias stands for: a type or a namespace."""
    return module(atlas, at)


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return the type of a namespace, the namespace below it, or the member of a type."""
    if owner.what == "package":
        found = _type_in(atlas, {owner.path}, name.name, owner.path)
        if found is not None:
            return found
        inner = f"{owner.path}.{name.name}"
        return Meaning("package", inner, language="csharp") if _is_namespace(atlas, inner) else None
    view = atlas.view(owner.path)
    if view is not None and view.outline.members[owner.symbol].kind == "namespace":
        place_container = view.outline.members[owner.symbol].container
        parts = [place_container, view.outline.members[owner.symbol].name]
        return inside(
            atlas, Meaning("package", ".".join(p for p in parts if p), language="csharp"), name
        )
    return class_member(atlas, owner, name)


def around(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return the type that a name means here: of the own namespaces, else of those in use."""
    key = ("csharp name", path.rpartition("/")[0], _scopes(atlas, path), name.name)
    found = atlas.once(key, lambda: _type_named(atlas, path, name))
    if found is not None:
        return found
    if name.name in BUILT_IN:
        return EXTERNAL
    if _is_namespace(atlas, name.name):
        return Meaning("package", name.name, language="csharp")
    return None


def _type_named(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    places = _types(atlas, name.name)
    if not places:
        return None
    scopes = _scopes(atlas, path)
    ranked = [
        (scopes.index(namespace), place)
        for place in places
        if (namespace := _namespace_of(atlas, place)) in scopes
    ]
    if ranked:
        first = min(rank for rank, _ in ranked)
        return chosen(atlas, [place for rank, place in ranked if rank == first], path, name)
    if name.name in BUILT_IN:
        return None
    near = max(places, key=lambda place: shared(place.path, path))
    found = chosen(atlas, [near] if len(places) > 1 else places, path, name)
    return found.doubted(UNSEEN if len(places) == 1 else UNSEEN * 0.8) if found else None


def _scopes(atlas: Atlas, path: str) -> tuple[str, ...]:
    """Return the namespaces that names are looked for in: own and outer ones first, then used."""
    return atlas.once(("csharp scopes", path), lambda: _read_scopes(atlas, path)) or ()


def _read_scopes(atlas: Atlas, path: str) -> tuple[str, ...]:
    view = atlas.view(path)
    if view is None:
        return ()
    found: list[str] = []
    own = {view.outline.package} | {
        f"{member.container}.{member.name}" if member.container else member.name
        for member in view.outline.members
        if member.kind == "namespace"
    }
    for namespace in sorted(own, key=lambda each: -each.count(".")):
        parts = namespace.split(".")
        found += [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    found += [each.module for each in view.outline.imports]
    return tuple(dict.fromkeys(each for each in [*found, ""] if each is not None))


def scattered(atlas: Atlas, owner: Meaning, name: Sought) -> Sequence[Meaning]:
    """Return the member of this name in the other parts of a partial type."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    member = view.outline.members[owner.symbol]
    places = []
    for place in atlas.defining(name.name):
        if place.language not in LANGUAGES or not place.container.endswith(member.name):
            continue
        if place.path != owner.path and _same_type(atlas, place, member.name, owner):
            places.append(place)
    found = chosen(atlas, places, owner.path, name)
    return (found,) if found else ()


def further_bases(atlas: Atlas, owner: Meaning) -> Sequence[Meaning]:
    """Return the bases that the other parts of a partial type name."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    name = view.outline.members[owner.symbol].name
    here = _namespace_of(atlas, _place_at(owner.path, owner.symbol, atlas))
    found: list[Meaning] = []
    for place in _types(atlas, name):
        there = None if place.path == owner.path else atlas.view(place.path)
        if there is not None and _namespace_of(atlas, place) == here:
            part = there.outline.members[place.symbol]
            bases = (type_at(atlas, place.path, part.parent, base) for base in part.bases)
            found += [base for base in bases if base is not None]
    return found


def extensions(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return the extension method of this name for a type or one of its bases."""
    places = [
        (place, type_path(view.outline.members[place.symbol].extends))
        for place in atlas.defining(name.name)
        if place.language in LANGUAGES
        and (view := atlas.view(place.path)) is not None
        and view.outline.members[place.symbol].extends
    ]
    if not places:
        return None
    names = _type_names(atlas, owner)
    fitting = [place for place, extended in places if extended and extended[-1] in names]
    seen = Sought(name.name, name.arguments + 1 if name.arguments >= 0 else -1)
    found = chosen(atlas, fitting, owner.path, seen)
    return found.doubted(EXTENDED) if found else None


def _type_names(atlas: Atlas, owner: Meaning) -> set[str]:
    """Return the names of a type and of all its bases, those outside the workspace too."""
    names: set[str] = set()
    waiting = [owner]
    while waiting and len(names) < MOST_BASES:
        here = waiting.pop()
        view = atlas.view(here.path)
        if view is None or here.symbol < 0 or view.outline.members[here.symbol].name in names:
            continue
        member = view.outline.members[here.symbol]
        names.add(member.name)
        names |= {path[-1] for base in member.bases if (path := type_path(base))}
        waiting += [base for base in bases_of(atlas, here) if base.what == "instance"]
    return names


def _same_type(atlas: Atlas, place: Place, name: str, owner: Meaning) -> bool:
    """Say whether a place stands in another part of the same type."""
    view = atlas.view(place.path)
    own = atlas.view(owner.path)
    if view is None or own is None:
        return False
    parent = view.outline.members[place.symbol].parent
    if parent < 0 or view.outline.members[parent].name != name:
        return False
    there = _place_at(view.path, parent, atlas)
    here = _place_at(owner.path, owner.symbol, atlas)
    return _namespace_of(atlas, there) == _namespace_of(atlas, here)


def _place_at(path: str, symbol: int, atlas: Atlas) -> Place:
    view = atlas.view(path)
    member = view.outline.members[symbol] if view else None
    kind = member.kind if member else "class"
    return Place(path, symbol, kind, member.container if member else "", "csharp")


def package_files(atlas: Atlas, package: Meaning, used: Set[str]) -> set[str]:
    """Return the used files that declare a namespace which a `using` names."""
    return set(atlas.declaring(package.path)) & used


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    bound=bound,
    inside=inside,
    around=around,
    scattered=scattered,
    further_bases=further_bases,
    extensions=extensions,
    package_files=package_files,
    packages=True,
    self_words=frozenset({"this"}),
    super_words=frozenset({"base"}),
    bare_members=True,
    new_only=True,
    overloads=True,
    hands_on=frozenset({"ConfigureAwait"}),
    empty_bases=frozenset({"object", "IDisposable", "Exception", "Attribute", "IEquatable"}),
)
