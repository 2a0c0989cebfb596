"""What names, members, types and expressions mean, the same way for every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import TYPE_KINDS
from codearch.graph.atlas import Atlas, View
from codearch.graph.common import GIVES_CONTAINER, GIVES_ELEMENT
from codearch.graph.expressions import (
    LITERAL,
    Step,
    element_type,
    is_doubtful,
    steps,
    type_path,
    without_arguments,
)
from codearch.graph.meaning import EXTERNAL, UNKNOWN, ImportAt, Meaning, Sought
from codearch.graph.overloads import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.graph.outline import Binding

INHERITED = 0.99
FIELD = 0.985
RETURNED = 0.985
INFERRED = 0.93
DOUBTFUL = 0.9  # a type that must be unwrapped first, taken as if it were


# --- names ------------------------------------------------------------------------------------


def name_at(atlas: Atlas, path: str, at: int, name: Sought) -> Meaning | None:
    """Return what a bare name means at a symbol: in its namespaces and types, then in the file."""
    view = atlas.view(path)
    if view is None:
        return None
    if name.name == "super":
        above = atlas.naming(view.language).above(atlas, path, view.enclosing_namespace(at))
        if above is not None:
            return above
    if name.name == "Self" and view.enclosing_type(at) >= 0:
        return implemented(atlas, Meaning("symbol", path, view.enclosing_type(at)))
    bare = atlas.naming(view.language).bare_members
    while at >= 0:
        member = view.outline.members[at]
        if member.kind == "namespace":
            found = _name_in(atlas, view, at, name)
        elif bare and member.kind in TYPE_KINDS | {"impl"}:
            found = class_member(atlas, Meaning("symbol", path, at), name)
            found = found if found is not None and found.path else None
        elif bare and member.kind == "method" and view.declared_owner(at):
            owner = declared_owner(atlas, view, at)
            found = class_member(atlas, owner, name) if owner is not None else None
            found = found if found is not None and found.path else None
        else:
            found = None
        if found is not None:
            return found
        at = member.parent
    return name_in_file(atlas, path, name)


def declared_owner(atlas: Atlas, view: View, at: int) -> Meaning | None:
    """Return the type outside of which a method is defined."""
    parts = view.declared_owner(at).split(".")
    found = name_at(atlas, view.path, view.outline.members[at].parent, Sought(parts[0]))
    for part in parts[1:]:
        found = member_of(atlas, found, Sought(part)) if found is not None else None
    if found is None or found.what != "symbol":
        return None
    owner = atlas.view(found.path)
    is_type = owner is not None and owner.outline.members[found.symbol].kind in TYPE_KINDS
    return found if is_type else None


def name_in_file(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what a bare name means at a file's top level."""

    def look() -> Meaning | None:
        view = atlas.view(path)
        if view is None:
            return None
        found = _name_in(atlas, view, -1, name)
        return found or atlas.naming(view.language).around(atlas, path, name)

    return atlas.once(("name", path, name), look)


def defined_in_file(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what a file itself defines, imports or gets by a wildcard under this name."""
    view = atlas.view(path)
    if view is None:
        return None
    return atlas.once(("defined", path, name), lambda: _name_in(atlas, view, -1, name))


def name_in_namespace(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a namespace or inline module holds under this name."""
    view = atlas.view(owner.path)
    return _name_in(atlas, view, owner.symbol, name) if view else None


def _name_in(atlas: Atlas, view: View, owner: int, name: Sought) -> Meaning | None:
    """Look among the members, bindings and wildcard imports of a namespace, or of the file (-1)."""
    members = view.top.get(name.name, ()) if owner < 0 else view.child(owner, name.name)
    best = pick(atlas, view, members, name)
    if best is not None:
        return best
    binding = view.bindings.get((owner, name.name))
    if binding is not None:
        return _bound(atlas, view.path, binding, name)
    return _by_wildcard(atlas, view, owner, name)


def _bound(atlas: Atlas, path: str, binding: Binding, name: Sought) -> Meaning:
    if binding.imported >= 0:
        return imported_name(atlas, path, binding.imported, name) or UNKNOWN
    if binding.type:
        return value_of(atlas, path, binding.owner, binding.type)
    view = atlas.view(path)
    if view is not None and binding.owner < 0 and binding.name in view.held:
        return Meaning("file", path, inner=binding.name)
    if binding.value:
        found = expression_at(atlas, path, binding.owner, binding.value)
        return found.doubted(FIELD) if found else UNKNOWN
    return UNKNOWN


def value_of(atlas: Atlas, path: str, at: int, typed: str) -> Meaning:
    """Return what a variable of this written type holds."""
    found = type_at(atlas, path, at, typed)
    if found is None or found.what == "external":
        held = element_type(typed)
        if held:
            return Meaning("external", path, at, inner=held)
        return found or UNKNOWN
    return found.doubted(FIELD * (DOUBTFUL if is_doubtful(typed) else 1.0))


def imported_name(atlas: Atlas, path: str, index: int, name: Sought) -> Meaning | None:
    """Return what a name bound by this import of the file means."""

    def look() -> Meaning | None:
        view = atlas.view(path)
        if view is None:
            return None
        each = view.outline.imports[index]
        naming = atlas.naming(view.language)
        owner = view.outline.owners[index]
        for bound in each.names:
            if bound.alias == name.name:
                return naming.bound(atlas, ImportAt(path, each, owner), bound, name)
        return None

    return atlas.once(("imported", path, index, name), look)


def _by_wildcard(atlas: Atlas, view: View, owner: int, name: Sought) -> Meaning | None:
    """Return what the wildcard imports that stand here bring under this name."""
    naming = atlas.naming(view.language)
    for each, stands_in in view.wildcards if naming.wildcards else ():
        if stands_in != owner:
            continue
        module = naming.module(atlas, ImportAt(view.path, each, owner))
        if module is not None and module.what != "external":
            found = naming.inside(atlas, module, name)
            if found is not None and found.what not in {"external", "unknown"}:
                return found
    return None


# --- members ----------------------------------------------------------------------------------


def member_of(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what `owner.name` means."""
    if owner.what in {"external", "unknown"}:
        return owner._replace(inner="")
    view = atlas.view(owner.path) if owner.symbol >= 0 else None
    kind = view.outline.members[owner.symbol].kind if view else "namespace"
    if kind == "namespace":
        found = atlas.naming_of(owner).inside(atlas, owner, name)
    elif kind in TYPE_KINDS or kind == "impl":
        found = class_member(atlas, owner, name)
    else:
        found = _member_of_function(atlas, owner, name)
    return found.doubted(owner.sure) if found else None


def _member_of_function(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning:
    """Return what is set on a function; else it is not called, so it may be a property."""
    own = atlas.naming_of(owner).scattered(atlas, owner, name)
    if own:
        return own[0]
    if owner.what != "symbol":
        return UNKNOWN
    function = owner._replace(sure=1.0)

    def of_value() -> Meaning | None:
        value = instance(atlas, function)
        return member_of(atlas, value, name) if value is not None else None

    # What it gives may be itself, or a function that gives it.
    return atlas.once(("of value", function, name), of_value) or UNKNOWN


def class_member(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return a member of a type, its own or inherited.

    EXTERNAL where an external base may bring it, UNKNOWN where a base or its type is not known.
    """
    key = ("member", owner.path, owner.symbol, name)
    return atlas.once(key, lambda: _class_member(atlas, owner, name))


def _class_member(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    found = own_member(atlas, owner, name) or inherited_member(atlas, owner, name)
    if found is not None and found.what not in {"external", "unknown"}:
        return found
    return atlas.naming_of(owner).extensions(atlas, owner, name) or found


def own_member(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a type itself holds under this name, wherever it is written."""
    view = atlas.view(owner.path)
    if view is None:
        return None
    naming = atlas.naming(view.language)
    if naming.bare_members and view.outline.members[owner.symbol].name == name.name:
        return None  # a constructor; bare, the name means the type
    inside = pick(atlas, view, view.child(owner.symbol, name.name), name)
    if inside is not None:
        return inside
    scattered = naming.scattered(atlas, owner, name)
    if scattered:
        return scattered[0]
    binding = view.bindings.get((owner.symbol, name.name))
    if binding is not None:
        return _bound(atlas, view.path, binding, name)
    return None


def inherited_member(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what the bases of a type bring under this name, depth first in their order."""
    lost: Meaning | None = None
    for base in bases_of(atlas, owner):
        if base.what in {"external", "unknown"}:
            lost = EXTERNAL if base.what == "external" or lost == EXTERNAL else UNKNOWN
            continue
        found = class_member(atlas, base, name)
        if found is not None and found.what not in {"external", "unknown"}:
            return found.doubted(INHERITED)
        if found is not None:
            lost = EXTERNAL if found.what == "external" or lost == EXTERNAL else UNKNOWN
    return lost


def bases_of(atlas: Atlas, owner: Meaning) -> list[Meaning]:
    """Return the types that a type is derived from; EXTERNAL or UNKNOWN where they are not ours."""
    view = atlas.view(owner.path)
    if view is None:
        return []
    naming = atlas.naming(view.language)
    member = view.outline.members[owner.symbol]
    found = []
    for base in member.bases:
        meaning = base_at(atlas, owner.path, member.parent, base)
        if (
            meaning is not None
            and meaning.what == "external"
            and type_path(base)[-1] in naming.empty_bases
        ):
            continue
        if meaning is None or (meaning.path, meaning.symbol) == (owner.path, owner.symbol):
            found.append(UNKNOWN)
        else:
            found.append(meaning)
    return [*found, *naming.further_bases(atlas, owner)]


def base_at(atlas: Atlas, path: str, at: int, written: str) -> Meaning | None:
    """Return an instance of a base, EXTERNAL or None.

    What derives from `Iterator<Item>` is no Item, as `x: Iterator<Item>` may be; but in Rust a
    trait that is implemented for `Box<Item>` adds to what an Item's holder can do.
    """
    view = atlas.view(path)
    holder = view is not None and atlas.naming(view.language).paths
    return type_at(atlas, path, at, written if holder else without_arguments(written))


# --- types and values -------------------------------------------------------------------------


def type_at(atlas: Atlas, path: str, at: int, typed: str) -> Meaning | None:
    """Return an instance of the type written in this place, EXTERNAL or None.

    A function in the place of a type (`x = make()`) stands for what it returns.
    """
    parts = type_path(typed)
    if not parts:
        return None
    return atlas.once(("type", path, at, parts), lambda: _type_at(atlas, path, at, parts))


def _type_at(atlas: Atlas, path: str, at: int, parts: tuple[str, ...]) -> Meaning | None:
    view = atlas.view(path)
    if view is None:
        return None
    if parts[0] in {"Self", "self", "cls", "this"}:
        enclosing = view.enclosing_type(at)
        found = implemented(atlas, Meaning("symbol", path, enclosing)) if enclosing >= 0 else None
    else:
        found = name_at(atlas, path, at, Sought(parts[0]))
    for part in parts[1:]:
        if found is None:
            return None
        found = member_of(atlas, found, Sought(part))
    if found is None:
        return None
    if found.what == "symbol" and atlas.naming(view.language).functions_make:
        return instance(atlas, found) or found._replace(what="instance")
    return instance(atlas, found)


def instance(atlas: Atlas, meaning: Meaning) -> Meaning | None:
    """Return what calling or constructing this gives, EXTERNAL or None if that cannot be told."""
    if meaning.what in {"instance", "external"}:
        return meaning
    view = atlas.view(meaning.path) if meaning.what == "symbol" else None
    if view is None:
        return None
    member = view.outline.members[meaning.symbol]
    if member.kind == "type":
        return _aliased(atlas, view, meaning)
    if member.kind in TYPE_KINDS or member.kind == "impl":
        return meaning._replace(what="instance")
    if not member.returns:
        found = expression_at(atlas, meaning.path, meaning.symbol, member.result)
        return found.doubted(meaning.sure * INFERRED) if found else None
    found = value_of(atlas, meaning.path, meaning.symbol, member.returns)
    return None if found.what == "unknown" else found.doubted(meaning.sure * RETURNED)


def _aliased(atlas: Atlas, view: View, meaning: Meaning) -> Meaning:
    """Follow `type A = B` where the alias says so, else keep the alias itself."""
    member = view.outline.members[meaning.symbol]
    for base in member.bases[:1]:
        found = type_at(atlas, meaning.path, member.parent, base)
        if found is not None:
            return found
    return meaning._replace(what="instance")


def implemented(atlas: Atlas, meaning: Meaning) -> Meaning:
    """Return the type that an impl block is for; any other symbol is itself."""
    view = atlas.view(meaning.path)
    if view is None or view.outline.members[meaning.symbol].kind != "impl":
        return meaning
    name = type_path(view.outline.members[meaning.symbol].name)
    found = (
        name_at(atlas, meaning.path, view.outline.members[meaning.symbol].parent, Sought(name[0]))
        if name
        else None
    )
    return found if found is not None and found.what == "symbol" else meaning


# --- expressions ------------------------------------------------------------------------------


def expression_at(atlas: Atlas, path: str, at: int, text: str) -> Meaning | None:
    """Return what an expression stands for where a symbol of a file stands (-1: at its top)."""
    loaded = atlas.naming_of(Meaning("file", path)).loaded(atlas, path, text)
    if loaded is not None:
        return loaded
    chain = steps(text)
    if not chain:
        return None

    def look() -> Meaning | None:
        return follow(
            atlas, path, applied(atlas, first_of(atlas, path, at, chain[0]), chain[0]), chain[1:]
        )

    return atlas.once(("expression", path, at, text), look)


def first_of(atlas: Atlas, path: str, at: int, step: Step) -> Meaning | None:
    """Return what the first name of a chain means before it is called; local names apart."""
    if step.name == LITERAL:
        return EXTERNAL
    if step.made:
        return type_at(atlas, path, at, step.name)
    view = atlas.view(path)
    if view is not None and step.name in atlas.naming(view.language).self_words:
        owner = self_at(atlas, view, at)
        if owner is not None:
            return owner
    return name_at(atlas, path, at, Sought(step.name))


def self_at(atlas: Atlas, view: View, at: int) -> Meaning | None:
    """Return what `this` and its like mean at a symbol: the type around it, or what holds it."""
    enclosing = view.enclosing_type(at)
    if enclosing >= 0:
        return implemented(atlas, Meaning("instance", view.path, enclosing))
    while at >= 0:
        if view.declared_owner(at):
            return declared_owner(atlas, view, at) or _holder(atlas, view, at)
        at = view.outline.members[at].parent
    return None


def _holder(atlas: Atlas, view: View, at: int) -> Meaning | None:
    """Return the variable that holds a function: `tools` of `tools.run = function () {...}`."""
    if view.is_inner(at):
        return None
    return name_at(atlas, view.path, -1, Sought(view.outline.members[at].container))


def follow(atlas: Atlas, path: str, found: Meaning | None, chain: Sequence[Step]) -> Meaning | None:
    """Return what a chain of members and calls on a value gives."""
    view = atlas.view(path)
    hands_on = atlas.naming(view.language).hands_on if view else frozenset()
    for step in chain:
        if found is None or found.what == "unknown":
            return found
        if found.what == "external":
            found = _of_container(atlas, found, step)
        elif not (step.called and step.name in hands_on):
            found = applied(atlas, member_of(atlas, found, Sought(step.name)), step)
    return found


def _of_container(atlas: Atlas, found: Meaning, step: Step) -> Meaning | None:
    """Return what a member of something external gives: its elements, if it holds ours."""
    if found.inner and step.called and step.name in GIVES_ELEMENT:
        return type_at(atlas, found.path, found.symbol, found.inner) or UNKNOWN
    if not (found.inner and step.called and step.name in GIVES_CONTAINER):
        return EXTERNAL
    return applied(atlas, found, step._replace(called=False))


def applied(atlas: Atlas, found: Meaning | None, step: Step) -> Meaning | None:
    """Return what calling or indexing a value gives, as far as a step does."""
    if found is None:
        return None
    if found.what == "external":
        if not (step.indexed and found.inner):
            return found
        return type_at(atlas, found.path, found.symbol, found.inner) or UNKNOWN
    if step.called and not step.made:
        found = instance(atlas, found) or UNKNOWN
        if step.indexed and found.what == "external":
            return applied(atlas, found, step._replace(called=False))
    return UNKNOWN if step.indexed and found.what != "external" else found
