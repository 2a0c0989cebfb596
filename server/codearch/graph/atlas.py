"""The workspace as resolution reads it: outlines indexed by name, answers kept, questions noted."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from codearch.facts import TYPE_KINDS
from codearch.graph.naming._naming import Naming
from codearch.graph.workspace import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from codearch.facts import Import
    from codearch.graph.meaning import Meaning
    from codearch.graph.outline import Binding, Outline
    from codearch.graph.workspace import Place, Workspace

T = TypeVar("T")

_PLAIN = Naming(languages=frozenset())
_DEEPEST = 90  # questions that wait for each other; each takes up to eight frames of the stack
REMEMBERED = 200_000  # answers kept in common by the files of a bulk resolution
CONTAINERS = TYPE_KINDS | {"namespace", "impl"}


class View:
    """One file's outline with the look-ups that resolution needs, each built when first used."""

    def __init__(self, path: str, outline: Outline) -> None:
        self.path = path
        self.outline = outline
        self.language = outline.language

    @cached_property
    def top(self) -> dict[str, list[int]]:
        """Members by name that stand in no other definition; impl blocks define no name."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, member in enumerate(self.outline.members):
            if member.kind not in {"module", "impl"} and not member.container:
                found[member.name].append(index)
        return dict(found)

    @cached_property
    def children(self) -> dict[int, dict[str, list[int]]]:
        """Members by name for each member that contains some.

        Members of anonymous types are left out, and constructors named as their type: that name
        means the type.
        """
        found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        members = self.outline.members
        for index, member in enumerate(members):
            if not self.is_inner(index):
                continue
            around = members[member.parent].name
            if member.container.endswith(around) and (member.name != around or member.bases):
                found[member.parent][member.name].append(index)
        return found

    @cached_property
    def constructors(self) -> dict[int, list[int]]:
        """The constructors named as the type that they stand in, by that type."""
        found: dict[int, list[int]] = defaultdict(list)
        members = self.outline.members
        for index, member in enumerate(members):
            around = members[member.parent] if member.parent >= 0 else None
            named = around is not None and member.name == around.name
            if around and named and around.kind in TYPE_KINDS and member.kind == "method":
                found[member.parent].append(index)
        return dict(found)

    @cached_property
    def held(self) -> dict[str, dict[str, list[int]]]:
        """Members by name for each variable or name that holds some, though it is no symbol."""
        found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for index, member in enumerate(self.outline.members):
            if member.container and not self.is_inner(index):
                found[member.container][member.name].append(index)
        return found

    @cached_property
    def bindings(self) -> dict[tuple[int, str], Binding]:
        """Variables, fields and imported names by owner (-1 for the file) and name; typed first."""
        found: dict[tuple[int, str], Binding] = {}
        for binding in self.outline.bindings:
            key = (binding.owner, binding.name)
            known = found.get(key)
            if known is None or (binding.type and not known.type and known.imported < 0):
                found[key] = binding
        return found

    @cached_property
    def wildcards(self) -> list[tuple[Import, int]]:
        """The imports of everything that a module has, and the namespaces that they stand in."""
        return [
            (each, owner)
            for each, owner in zip(self.outline.imports, self.outline.owners, strict=True)
            if any(bound.name == "*" and bound.alias in {"", "*"} for bound in each.names)
        ]

    def is_inner(self, index: int) -> bool:
        """Say whether a member stands inside another definition (the module is none)."""
        parent = self.outline.members[index].parent
        return parent >= 0 and self.outline.members[parent].kind != "module"

    def declared_owner(self, index: int) -> str:
        """Return the type that a member's own name says: `Foo` of `void Foo::bar()`."""
        member = self.outline.members[index]
        around = self.outline.members[member.parent] if self.is_inner(index) else None
        prefix = f"{around.container}.{around.name}".lstrip(".") if around is not None else ""
        return member.container.removeprefix(prefix).lstrip(".")

    def child(self, parent: int, name: str) -> Sequence[int]:
        """Return the members of this name directly inside a member."""
        inside = self.children.get(parent)
        return inside.get(name, ()) if inside else ()

    def enclosing_type(self, index: int) -> int:
        """Return the innermost type (or impl) around or at a member, -1 where there is none."""
        members = self.outline.members
        while index >= 0 and members[index].kind not in TYPE_KINDS | {"impl"}:
            index = members[index].parent
        return index

    def enclosing_namespace(self, index: int) -> int:
        """Return the innermost namespace around a member, -1 where there is none."""
        members = self.outline.members
        while index >= 0 and members[index].kind != "namespace":
            index = members[index].parent
        return index


class Atlas(Recorder):
    """A recording workspace that indexes outlines and remembers answers with what they asked."""

    def __init__(self, workspace: Workspace, namings: Mapping[str, Naming]) -> None:
        super().__init__(workspace)
        self._namings = namings
        self._views: dict[str, View | None] = {}
        self._answers: dict[Hashable, tuple[Any, frozenset[str]]] = {}
        self._tentative: dict[Hashable, tuple[Any, frozenset[str]]] = {}
        self._under_way: dict[Hashable, int] = {}
        self._circle = 0  # depth of the outermost question that was found to depend on itself

    def begin(self) -> None:
        """Forget what was asked, to record the next file's questions."""
        self.asked = set()
        self._tentative.clear()  # what a file that failed half-way has left
        self._circle = 0
        if len(self._answers) > REMEMBERED:
            self._answers.clear()
            self._views.clear()

    def view(self, path: str) -> View | None:
        """Return an indexed outline, None where there is none."""
        self.asked.add("outline:" + path)
        return self._view(path)

    def view_of(self, place: Place) -> View | None:
        """Return an outline to see nothing in it but a member, and what is around that.

        What is seen of it, unlike `view`, hangs on what members of its name are like, wherever they
        are, and on nothing else of their files.
        """
        view = self._view(place.path)
        if view is not None:
            self.asked.add("members:" + view.outline.members[place.symbol].name)
        return view

    def _view(self, path: str) -> View | None:
        try:
            return self._views[path]
        except KeyError:
            outline = self._workspace.outline(path)  # who asks notes what is seen of it
            view = self._views[path] = None if outline is None else View(path, outline)
            return view

    def naming(self, language: str) -> Naming:
        """Return the language's rules, or those of a language that has none."""
        return self._namings.get(language, _PLAIN)

    def naming_of(self, meaning: Meaning) -> Naming:
        """Return the rules by which a meaning's inside is named."""
        if meaning.language:
            return self.naming(meaning.language)
        view = self.view(meaning.path)
        return self.naming(view.language) if view else _PLAIN

    def once(self, key: Hashable, compute: Callable[[], T | None]) -> T | None:
        """Return the answer to `key`, computed once; None if it depends on itself.

        None, too, where too many questions wait for each other. A None that was found while a
        question around it waited for itself may be wrong for others: it is kept until the
        outermost question is answered and no longer.
        """
        known = self._answers.get(key) or self._tentative.get(key)
        if known is not None:
            self.asked |= known[1]
            answer: T | None = known[0]
            return answer
        depth = self._under_way.get(key)
        if depth is None and len(self._under_way) >= _DEEPEST:
            depth = 1
        if depth is not None:
            self._circle = min(self._circle, depth) if self._circle else depth
            return None
        return self._compute(key, compute)

    def _compute(self, key: Hashable, compute: Callable[[], T | None]) -> T | None:
        around, self.asked = self.asked, set()
        depth = self._under_way[key] = len(self._under_way) + 1
        try:
            answer = compute()
        finally:
            del self._under_way[key]
            asked, self.asked = self.asked, around
            self.asked |= asked
        if self._circle >= depth:
            self._circle = 0
        kept = self._tentative if self._circle and answer is None else self._answers
        kept[key] = (answer, frozenset(asked))
        if depth == 1:
            self._tentative.clear()
        return answer
