"""Java: packages are folders of types; a type stands in a file of its name, or beside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.common import words
from codearch.graph.lookup import class_member
from codearch.graph.meaning import EXTERNAL, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._places import shared, types_named

if TYPE_CHECKING:
    from collections.abc import Set

    from codearch.graph.atlas import Atlas

LANGUAGES = frozenset({"java"})
# Types of java.lang: seen everywhere unless the package has its own.
JAVA_LANG = words(
    """
    Appendable AssertionError AutoCloseable Boolean Byte CharSequence Character Class ClassLoader
    ClassNotFoundException CloneNotSupportedException Cloneable Comparable Deprecated Double Enum
    Error Exception Float FunctionalInterface IllegalAccessException IllegalArgumentException
    IllegalStateException IndexOutOfBoundsException InstantiationException Integer
    InterruptedException Iterable Long Math NoSuchFieldException NoSuchMethodException
    NullPointerException Number NumberFormatException Object Override Process ProcessBuilder Record
    Runnable Runtime RuntimeException SafeVarargs SecurityException Short StackOverflowError
    StackTraceElement StrictMath String StringBuffer StringBuilder SuppressWarnings System Thread
    ThreadGroup ThreadLocal Throwable UnsupportedOperationException Void
    """
)


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the class or the package that an import names."""
    return atlas.once(
        ("java module", at.path, at.each.module), lambda: _named(atlas, at.path, at.each.module)
    )


def _named(atlas: Atlas, path: str, dotted: str) -> Meaning | None:
    """Return what `a.b.C.D` means: the longest package, then types inside one another."""
    parts = dotted.split(".")
    if atlas.declaring(dotted):
        return Meaning("package", dotted, language="java")
    for cut in range(len(parts) - 1, 0, -1):
        package = ".".join(parts[:cut])
        found = type_in(atlas, package, parts[cut], path)
        if found is None:
            continue
        for name in parts[cut + 1 :]:
            found = class_member(atlas, found, Sought(name))
            if found is None or found.what != "symbol":
                return None
        return found
    return EXTERNAL


def type_in(atlas: Atlas, package: str, name: str, near: str) -> Meaning | None:
    """Return the top-level type of a package, the nearest where several source sets have one."""
    if not name[:1].isupper() and not atlas.defining(name):
        return None
    key = ("java type", package, name, near.rpartition("/")[0])
    return atlas.once(key, lambda: _type_in(atlas, package, name, near))


def _type_in(atlas: Atlas, package: str, name: str, near: str) -> Meaning | None:
    prefix = package.replace(".", "/") + "/" if package else ""
    found: list[Meaning] = []
    for path in atlas.paths_ending(f"{prefix}{name}.java"):
        view = atlas.view(path)
        if view is not None and view.outline.package == package:
            found += [Meaning("symbol", path, index) for index in view.top.get(name, ())]
    if not found:
        for place in types_named(atlas.defining(name), LANGUAGES):
            view = None if place.container else atlas.view(place.path)
            if view is not None and view.outline.package == package:
                found.append(Meaning("symbol", place.path, place.symbol))
    return max(found, key=lambda each: (shared(each.path, near), each.path), default=None)


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return the type of a package, its subpackage, or the member of a type."""
    if owner.what == "package":
        found = type_in(atlas, owner.path, name.name, owner.path)
        if found is not None:
            return found
        if name.name.islower():
            return Meaning("package", f"{owner.path}.{name.name}", language="java")
        return None
    return class_member(atlas, owner, name)


def around(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return a type of the file's own package, or EXTERNAL for what java.lang has."""
    view = atlas.view(path)
    if view is None:
        return None
    found = type_in(atlas, view.outline.package, name.name, path)
    if found is None and name.name in JAVA_LANG:
        return EXTERNAL
    if found is None and name.name.islower():  # `org` of `org.acme.Shop`
        return Meaning("package", name.name, language="java")
    return found


def package_files(_atlas: Atlas, package: Meaning, used: Set[str]) -> set[str]:
    """Return the used files of a package that `import a.b.*` names."""
    folder = package.path.replace(".", "/")
    return {path for path in used if f"/{path}".rpartition("/")[0].endswith("/" + folder)}


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    inside=inside,
    around=around,
    package_files=package_files,
    packages=True,
    self_words=frozenset({"this"}),
    super_words=frozenset({"super"}),
    bare_members=True,
    new_only=True,
    overloads=True,
)
