"""Java's package, imports and names, where a table cannot say what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.facts import ImportKind
from codearch.languages._java_definitions import spread_name
from codearch.languages._language import ImportDraft, ImportedDraft, Reader
from codearch.languages._nodes import text


def imported(node: Node) -> Iterator[ImportDraft]:
    """`import a.B` is the module a.B, `import static a.B.c` the c from the module a.B."""
    path = next((child for child in node.named_children if "identifier" in child.type), None)
    if path is None:
        return
    kinds = {child.type: child for child in node.children}
    kind: ImportKind = "from" if "static" in kinds else "import"
    last = path.child_by_field_name("name") or path
    scope = path.child_by_field_name("scope")
    if "asterisk" in kinds:
        names = [ImportedDraft("*", "", kinds["asterisk"])]
        yield ImportDraft(kind=kind, module=_dotted(path), names=names)
    elif kind == "from":
        names = [ImportedDraft(text(last), text(last), last)]
        yield ImportDraft(kind="from", module=_dotted(scope), names=names)
    else:
        names = [ImportedDraft("", text(last), last)]
        yield ImportDraft(kind="import", module=_dotted(path), names=names)


def package(node: Node, reader: Reader) -> bool:
    """Record the package; its name is no use of a name."""
    for child in node.named_children:
        if "identifier" in child.type:
            reader.package(_dotted(child))
            while child.named_children:
                child = child.named_children[0]  # noqa: PLW2901
            reader.skip(child)
    return False


def _dotted(node: Node | None) -> str:
    return "".join(text(node).split())


def scoped_type(node: Node, reader: Reader) -> bool:
    """In `Outer.Inner` only Outer is looked up."""
    reader.skip(node.named_children[-1])
    return False


def bare_call(node: Node, reader: Reader) -> bool:
    """`run()` uses a name, which may be a static import; `x.run()` does not."""
    name = node.child_by_field_name("name")
    if name is not None and node.child_by_field_name("object") is None:
        reader.use(name)
    return False


def label(node: Node, reader: Reader) -> bool:
    """Pass over the name of a label."""
    reader.skip(node.named_children[0])
    return False


def pattern(node: Node, reader: Reader) -> bool:
    """`case Circle c` and a record pattern's `int x` bind their last name."""
    kind, name = node.named_children[0], node.named_children[-1]
    inferred = kind.text == b"var"
    if inferred:
        reader.skip(kind)
    if name.type == "identifier":
        reader.bind_here(name, "variable", None if inferred else kind)
    return False


def spread(node: Node, reader: Reader) -> bool:
    """Bind the name of `String... names`."""
    name = spread_name(node)
    if name is not None:
        reader.bind_here(name, "parameter")
    return False


def inferred(node: Node, reader: Reader) -> bool:
    """The type `var` is no name."""
    declared = node.child_by_field_name("type")
    if declared is not None and declared.text == b"var":
        reader.skip(declared)
    return False
