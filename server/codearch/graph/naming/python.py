"""Python: modules are files on a search path that is guessed from the tree as tools lay it out."""

from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING

from codearch.graph.lookup import defined_in_file
from codearch.graph.meaning import EXTERNAL, UNKNOWN, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming

if TYPE_CHECKING:
    from codearch.facts import ImportedName
    from codearch.graph.atlas import Atlas

BUILT_IN = frozenset(dir(builtins))
STANDARD = frozenset(sys.stdlib_module_names) - {"test", "this"}
ENDINGS = (".py", "/__init__.py", ".pyi", "/__init__.pyi", ".pyx")
ROOT_NAMES = frozenset({"src", "lib", "Lib", "python", "source", "py"})
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the file, or the folder without `__init__.py`, that `from module import` reads."""
    if at.each.level:
        folder = at.path.rpartition("/")[0]
        for _ in range(at.each.level - 1):
            folder = folder.rpartition("/")[0]
        parts = [part for part in (folder, at.each.module.replace(".", "/")) if part]
        return _file_at(atlas, "/".join(parts)) or _package("/".join(parts))
    return _absolute(atlas, at.path, at.each.module)


def bound(atlas: Atlas, at: ImportAt, name: ImportedName, sought: Sought) -> Meaning | None:
    """Return what `import a.b` (binds `a`), `import a as b` or `from a import b` bind."""
    if at.each.kind == "import":
        head = at.each.module.partition(".")[0]
        return _absolute(atlas, at.path, head if name.alias == head else at.each.module)
    source = module(atlas, at)
    if source is None or source.what == "external":
        return source
    return inside(atlas, source, sought._replace(name=name.name))


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a module or package holds: its own names first, then its submodules."""
    if owner.what == "file":
        found = defined_in_file(atlas, owner.path, name)
        if found is not None and found.what != "unknown":
            return found
        folder, _, file = owner.path.rpartition("/")
        if not file.startswith("__init__."):
            return found
        return _file_at(atlas, f"{folder}/{name.name}" if folder else name.name) or found
    path = f"{owner.path}/{name.name}" if owner.path else name.name
    return _file_at(atlas, path) or _package(path)


def around(_atlas: Atlas, _path: str, name: Sought) -> Meaning | None:
    """Return EXTERNAL for Python's own names."""
    return EXTERNAL if name.name in BUILT_IN else None


def _package(path: str) -> Meaning:
    return Meaning("package", path, language="python")


def _file_at(atlas: Atlas, stem: str) -> Meaning | None:
    for ending in ENDINGS:
        if atlas.has(stem + ending):
            return Meaning("file", stem + ending)
    return None


def _absolute(atlas: Atlas, path: str, dotted: str) -> Meaning | None:
    folder = path.rpartition("/")[0]
    key = ("python module", folder, dotted)
    return atlas.once(key, lambda: _search(atlas, folder, dotted))


def _search(atlas: Atlas, folder: str, dotted: str) -> Meaning | None:
    """Return the file of an absolute module among all that end so, EXTERNAL if none will do."""
    suffix = dotted.replace(".", "/")
    ranked = []
    for preference, ending in enumerate(ENDINGS):
        for found in atlas.paths_ending(suffix + ending):
            root = found[: -len(suffix + ending)].rstrip("/")
            rank = _rank(atlas, folder, root, dotted)
            if rank is not None and not (rank[0] == BESIDE and _stands_in_for(atlas, found)):
                ranked.append((rank, preference, found))
    if not ranked:
        return _namespace(atlas, folder, dotted) or EXTERNAL
    ranked.sort()
    best = ranked[0]
    roots = {rank for rank, _, _ in ranked if rank[0] == best[0][0]}
    if best[0][0] == ELSEWHERE and (len(roots) > 1 or len(ranked) > 2):
        return UNKNOWN
    return Meaning("file", best[2])


ABOVE, DECLARED, ELSEWHERE, BESIDE = range(4)


def _rank(atlas: Atlas, folder: str, root: str, dotted: str) -> tuple[int, int, str] | None:
    """Say how likely `root` is on the search path of a file in `folder`; None if it is not."""
    head = dotted.partition(".")[0]
    inner = _is_package(atlas, root)
    if head in STANDARD and (inner or not atlas.has(f"{root}/os.py" if root else "os.py")):
        return None
    above = not root or f"{folder}/".startswith(root + "/")
    distance = folder.count("/") - root.count("/") if above else root.count("/")
    if inner:
        return (BESIDE, 0, root) if folder == root else None
    if above:
        return ABOVE, distance, root
    if root.rpartition("/")[2] in ROOT_NAMES or _is_project(atlas, root):
        return DECLARED, -_shared(folder, root), root
    parent = root.rpartition("/")[0]
    near = not parent or f"{folder}/".startswith(parent + "/")
    return (ELSEWHERE, -_shared(folder, root), root) if "." in dotted or near else None


def _stands_in_for(atlas: Atlas, path: str) -> bool:
    """Say whether a module imports a package of its own name, which is then another one."""
    view = atlas.view(path)
    stem = path.rpartition("/")[2].partition(".")[0]
    return view is not None and any(
        each.level == 0 and each.module.partition(".")[0] == stem for each in view.outline.imports
    )


def _namespace(atlas: Atlas, folder: str, dotted: str) -> Meaning | None:
    """Return the folder of a package without `__init__.py` above the importer, or in its roots."""
    suffix = dotted.replace(".", "/")
    if suffix.partition("/")[0] in STANDARD:
        return None
    place = folder
    while True:
        path = f"{place}/{suffix}" if place else suffix
        if any(each.endswith((".py", ".pyi")) for each in atlas.paths_in(path)):
            return _package(path)
        for root in ("src", "lib"):
            below = f"{place}/{root}/{suffix}" if place else f"{root}/{suffix}"
            if any(each.endswith((".py", ".pyi")) for each in atlas.paths_in(below)):
                return _package(below)
        if not place:
            break
        place = place.rpartition("/")[0]
    inner = folder.split("/")
    head = suffix.partition("/")[0]
    if "/" not in suffix and head in inner:
        return _package("/".join(inner[: inner.index(head) + 1]))
    return None


def _is_package(atlas: Atlas, folder: str) -> bool:
    if not folder:
        return False
    return atlas.has(folder + "/__init__.py") or atlas.has(folder + "/__init__.pyi")


def _is_project(atlas: Atlas, folder: str) -> bool:
    prefix = folder + "/" if folder else ""
    return any(atlas.has(prefix + name) for name in PROJECT_FILES)


def _shared(one: str, other: str) -> int:
    """Return how many leading folders two paths share."""
    count = 0
    for first, second in zip(one.split("/"), other.split("/"), strict=False):
        if first != second:
            break
        count += 1
    return count


NAMING = Naming(
    languages=frozenset({"python"}),
    module=module,
    bound=bound,
    inside=inside,
    around=around,
    self_words=frozenset({"self", "cls"}),
    super_words=frozenset({"super()"}),
    last_counts=True,
    class_word="cls",
    constructors=("__init__", "__new__"),
    empty_bases=frozenset(
        {"object", "type", "Generic", "Protocol", "ABC", "ABCMeta", "Enum", "IntEnum", "NamedTuple"}
        | {"TypedDict", "Exception", "BaseException", "ValueError", "TypeError", "RuntimeError"}
    ),
    hands_on=frozenset({"__enter__", "__aenter__"}),
)
