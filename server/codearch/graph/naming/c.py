"""C and C++: names are the linker's, files are included, a definition counts first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.graph.common import words
from codearch.graph.meaning import EXTERNAL, ImportAt, Meaning, Sought
from codearch.graph.naming._naming import Naming
from codearch.graph.naming._places import chosen, shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import Import, ImportedName
    from codearch.graph.atlas import Atlas
    from codearch.graph.workspace import Place

LANGUAGES = frozenset({"c", "cpp"})
# Headers of the standard libraries and systems that projects often have namesakes of.
STANDARD_HEADERS = words(
    """
    algorithm any array assert.h atomic bit bitset cassert cctype cerrno cfloat charconv chrono
    cinttypes climits cmath codecvt compare complex concepts condition_variable csetjmp csignal
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime ctype.h cwchar deque dirent.h dlfcn.h
    errno.h exception execution expected fcntl.h filesystem float.h format forward_list fstream
    functional future initializer_list inttypes.h iomanip ios iosfwd iostream istream iterator
    limits limits.h list locale locale.h map math.h memory mutex netdb.h netinet/in.h new numbers
    numeric optional ostream poll.h pthread.h pwd.h queue random ranges ratio regex sched.h
    semaphore set setjmp.h shared_mutex signal.h source_location span sstream stack stdalign.h
    stdarg.h stdatomic.h stdbool.h stddef.h stdexcept stdint.h stdio.h stdlib.h stdnoreturn.h
    streambuf string string.h string_view strings.h sys/socket.h sys/stat.h sys/time.h sys/types.h
    syslog.h system_error termios.h thread threads.h time.h tuple type_traits typeindex typeinfo
    unistd.h unordered_map unordered_set utility valarray variant vector wchar.h wctype.h windows.h
    """
)
SEVERAL = 0.8  # one function in several files: for several platforms or programs
INCLUDE_FOLDERS = frozenset({"include", "inc", "includes", "src", "source", "public", "api"})


# --- includes ---------------------------------------------------------------------------------


def module(atlas: Atlas, at: ImportAt) -> Meaning | None:
    """Return the file that an include means: beside the includer, else where it fits best."""
    folder = at.path.rpartition("/")[0]
    key = ("c include", folder, at.each.module, at.each.system)
    return atlas.once(key, lambda: _included(atlas, folder, at.each))


def _included(atlas: Atlas, folder: str, each: Import) -> Meaning:
    written = each.module
    if not each.system:
        beside = _joined(folder, written)
        if beside is not None and atlas.has(beside):
            return Meaning("file", beside)
    suffix = written
    while suffix.startswith(("./", "../")):
        suffix = suffix.partition("/")[2]
    found = atlas.paths_ending(suffix)
    if each.system and (suffix in STANDARD_HEADERS or "/" not in suffix):
        names = {"include"} if suffix in STANDARD_HEADERS else INCLUDE_FOLDERS
        usual = [one for one in found if _root(one, suffix).rpartition("/")[2] in names]
        found = usual or ([] if suffix in STANDARD_HEADERS else found)
    if not found:
        return EXTERNAL
    return Meaning("file", min(found, key=lambda one: _distance(one, suffix, folder)))


def _distance(path: str, suffix: str, folder: str) -> tuple[int, bool, int, str]:
    """Rank a header: much in common with the includer's path, in an include folder, high up."""
    root = _root(path, suffix)
    usual = root.rpartition("/")[2] in INCLUDE_FOLDERS or not root
    return -shared(path, folder + "/"), not usual, path.count("/"), path


def _root(path: str, suffix: str) -> str:
    return path[: -len(suffix)].rstrip("/")


def _joined(folder: str, relative: str) -> str | None:
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {".", ""}:
            parts.append(part)
    return "/".join(parts)


# --- names ------------------------------------------------------------------------------------


def bound(atlas: Atlas, at: ImportAt, name: ImportedName, sought: Sought) -> Meaning | None:
    """Return what `using ns::name` and `using a = b` bind."""
    parts = at.each.module.split("::")
    return _named(atlas, at.path, sought._replace(name=name.name or parts[-1]), parts)


def inside(atlas: Atlas, owner: Meaning, name: Sought) -> Meaning | None:
    """Return what a namespace holds, whichever file opens it."""
    if owner.what == "package":
        return _named(atlas, owner.path, name, owner.path.split("::")[-1:])
    view = atlas.view(owner.path)
    if view is None or owner.symbol < 0:
        return None
    return _named(atlas, owner.path, name, [view.outline.members[owner.symbol].name])


def around(atlas: Atlas, path: str, name: Sought) -> Meaning | None:
    """Return what the linker would take for a name, or a namespace of that name."""
    if name.name == "std":
        return EXTERNAL
    return _named(atlas, path, name, [])


def _named(atlas: Atlas, path: str, name: Sought, containers: Sequence[str]) -> Meaning | None:
    """Return the best definition of a name, in these namespaces or types if any are given."""
    last = containers[-1].rpartition(".")[2] if containers else ""
    places = []
    for place in atlas.defining(name.name):
        if place.language not in LANGUAGES:
            continue
        around_it = place.container.rpartition(".")[2]
        if last and around_it != last:
            continue
        if not last and place.kind == "method":
            continue
        places.append(place)
    if not places:
        return None
    if not last:
        places = [place for place in places if not _is_nested(atlas, place)] or places
    visible = [place for place in places if not _is_hidden(atlas, place, path)]
    found = chosen(atlas, _most_useful(visible or places, name), path, name)
    if found is None or len({place.kind for place in visible or places} - {"namespace"}) == 0:
        return found  # all of them are one namespace
    if len(visible or places) == 1:
        return found
    bodies = {place.path for place in visible or places if not _is_declaration(atlas, place)}
    return found if len(bodies) <= 1 else found.doubted(SEVERAL)


def _most_useful(places: list[Place], name: Sought) -> list[Place]:
    """Prefer what can be called where a call is sought, and a macro or type over nothing."""
    if name.arguments < 0:
        return places
    callables = [place for place in places if place.kind in CALLABLE_KINDS | TYPE_KINDS]
    return callables or places


def _is_hidden(atlas: Atlas, place: Place, path: str) -> bool:
    """Say whether a definition is local to another file: static, or in an unnamed namespace."""
    if place.path == path or place.path.endswith((".h", ".hpp", ".hh", ".hxx", ".inl", ".inc")):
        return False
    view = atlas.view(place.path)
    return view is not None and not view.outline.members[place.symbol].exported


def _is_nested(atlas: Atlas, place: Place) -> bool:
    """Say whether a definition stands inside a type."""
    view = atlas.view(place.path)
    parent = view.outline.members[place.symbol].parent if view is not None else -1
    return view is not None and parent >= 0 and view.outline.members[parent].kind in TYPE_KINDS


def _is_declaration(atlas: Atlas, place: Place) -> bool:
    view = atlas.view(place.path)
    return view is not None and view.outline.members[place.symbol].declaration


def scattered(atlas: Atlas, owner: Meaning, name: Sought) -> Sequence[Meaning]:
    """Return the method of this name that is defined for a type outside of it."""
    view = atlas.view(owner.path)
    if view is None:
        return ()
    type_name = view.outline.members[owner.symbol].name
    places = [
        place
        for place in atlas.defining(name.name)
        if place.language in LANGUAGES and place.container.rpartition(".")[2] == type_name
    ]
    found = chosen(atlas, places, owner.path, name)
    return (found,) if found else ()


def defined(atlas: Atlas, found: Meaning, name: Sought) -> Meaning:
    """Return the definition of what was found to be only declared, if the workspace has it."""
    view = atlas.view(found.path)
    if view is None or not view.outline.members[found.symbol].declaration:
        return found
    member = view.outline.members[found.symbol]
    places = [
        place
        for place in atlas.defining(member.name)
        if place.language in LANGUAGES
        and place.container.rpartition(".")[2] == member.container.rpartition(".")[2]
        and not _is_hidden(atlas, place, found.path)
    ]
    best = chosen(atlas, places, found.path, name)
    return best._replace(sure=found.sure) if best is not None else found


NAMING = Naming(
    languages=LANGUAGES,
    module=module,
    bound=bound,
    inside=inside,
    around=around,
    scattered=scattered,
    defined=defined,
    wildcards=False,
    self_words=frozenset({"this"}),
    super_words=frozenset(),
    hands_on=frozenset({"get", "value", "lock", "operator*", "operator->"}),
    bare_members=True,
    overloads=True,
)
