"""C#'s namespaces, imports and names, where a table cannot say what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import ImportDraft, ImportedDraft, Reader
from codearch.languages._nodes import first, text


def using(node: Node) -> Iterator[ImportDraft]:
    """`using N` brings all of N, `using static T` (kind "from") all of T's static members.

    `using A = N.T` binds A; a global using holds for the other files of its project as well.
    """
    words = {child.type for child in node.children}
    alias = node.child_by_field_name("name")
    targets = [child for child in node.named_children if alias is None or child.id != alias.id]
    if not targets:
        return
    module = " ".join(text(targets[-1]).split()).removeprefix("global::")
    name = ImportedDraft("*", "", targets[-1])
    if alias is not None:
        name = ImportedDraft("", text(alias), alias)
    yield ImportDraft(
        kind="from" if "static" in words else "using",
        module=module,
        names=[name],
        reexport="global" in words,
    )


def extern_alias(node: Node) -> Iterator[ImportDraft]:
    """`extern alias A;` binds A."""
    name = node.child_by_field_name("name")
    if name is not None:
        yield ImportDraft(kind="using", module=text(name), names=[_whole(name)])


def _whole(name: Node) -> ImportedDraft:
    return ImportedDraft("", text(name), name)


def namespace(node: Node, reader: Reader) -> bool:
    """Record the namespace; its name is no use of a name."""
    name = node.child_by_field_name("name")
    if name is not None:
        reader.package("".join(text(name).split()))
        leftmost = name
        while leftmost.named_children:
            leftmost = leftmost.named_children[0]
        reader.skip(leftmost)
    return False


def alias_qualified(node: Node, reader: Reader) -> bool:
    """In `global::N` there is no name to look up, in `X::N` the X of an extern alias."""
    alias = node.child_by_field_name("alias")
    if alias is not None and alias.text == b"global":
        reader.skip(alias)
    return False


def initializer(node: Node, reader: Reader) -> bool:
    """In `new A { B = c }` and in `a with { B = c }` the B is a member."""
    for child in node.named_children:
        left = child.child_by_field_name("left") if child.type == "assignment_expression" else child
        if left is not None and left.type == "identifier":
            if child is not left or node.type == "with_initializer":
                reader.skip(left)
            if node.type == "with_initializer":
                break
    return False


def anonymous_object(node: Node, reader: Reader) -> bool:
    """In `new { A = b, c }` the A is a member."""
    for child, following in zip(node.children, node.children[1:], strict=False):
        if child.type == "identifier" and following.type == "=":
            reader.skip(child)
    return False


def subpattern(node: Node, reader: Reader) -> bool:
    """In `{ A.B: 3 }` all is members."""
    member = node.named_children[0]
    if node.named_child_count > 1:
        while member.type == "member_access_expression" and member.named_children:
            member = member.named_children[0]
        reader.skip(member)
    return False


def label(node: Node, reader: Reader) -> bool:
    """`label:` and `goto label;` are no uses of a name, `goto case A;` is."""
    label = node.named_children[0] if node.named_children else None
    if label is not None and label.type == "identifier" and node.children[1].type != "case":
        reader.skip(label)
    return False


def implicit_value(keyword: Node, reader: Reader) -> bool:
    """What `set`, `init`, `add` and `remove` are given is called `value`."""
    reader.bind_here(keyword, "parameter", name="value")
    return False


def query_name(node: Node, reader: Reader) -> bool:
    """Bind the name of a `let` or `join`."""
    name = first(node, "identifier")
    if name is not None:
        reader.bind_here(name, "variable")
    return False


def held(node: Node, reader: Reader) -> bool:
    """`using (name)` reads a name that exists already."""
    for child in node.named_children[:1]:
        if child.type == "identifier":
            reader.use(child)
            reader.skip(child)
    return False
