"""Imports and exports of JavaScript and TypeScript: modules, CommonJS, and types alone."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import ImportDraft, ImportedDraft, Reader

_STRINGS = ("string", "template_string")
_PATTERNS = ("object_pattern", "array_pattern")


def _text(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def _string(node: Node | None) -> str:
    """Return what a string literal says."""
    return _text(node)[1:-1] if node is not None and node.type in _STRINGS else ""


def _is_type_only(node: Node) -> bool:
    """Say whether `type` or `typeof` follows `import` or `export`."""
    return any(child.type in {"type", "typeof"} for child in node.children[1:2])


# --- imports ----------------------------------------------------------------------------------


def imports(node: Node) -> Iterator[ImportDraft]:
    """`import a, { b as c }, * as d from "m"`, `import "m"`, `import a = require("m")`."""
    names: list[ImportedDraft] = []
    module = _string(node.child_by_field_name("source"))
    for clause in node.named_children:
        if clause.type == "import_clause":
            names += _clause(clause)
        elif clause.type == "import_require_clause":
            module = _string(clause.child_by_field_name("source"))
            names += [ImportedDraft("", _text(each), each) for each in clause.named_children[:1]]
    type_only = _is_type_only(node) or (bool(names) and all(_is_type(each.node) for each in names))
    yield ImportDraft(kind="import", module=module, names=names, type_only=type_only)


def _clause(clause: Node) -> Iterator[ImportedDraft]:
    for part in clause.named_children:
        if part.type == "identifier":
            yield ImportedDraft("default", _text(part), part)
        elif part.type == "namespace_import":
            yield from (ImportedDraft("*", _text(each), each) for each in part.named_children[:1])
        elif part.type == "named_imports":
            for specifier in part.named_children:
                name = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or name
                if name is not None and alias is not None:
                    yield ImportedDraft(_string(name) or _text(name), _text(alias), alias)


def _is_type(node: Node) -> bool:
    """Say whether an imported name is marked `type` for itself."""
    specifier = node.parent
    return (
        specifier is not None
        and specifier.type == "import_specifier"
        and any(child.type in {"type", "typeof"} for child in specifier.children[:1])
    )


def required(node: Node) -> Iterator[ImportDraft]:
    """`const a = require("m")`, `const { a, b: c } = require("m")`, `... = require("m").d`."""
    value, target = node.child_by_field_name("value"), node.child_by_field_name("name")
    member = ""
    if value is not None and value.type == "member_expression":
        member = _text(value.child_by_field_name("property"))
        value = value.child_by_field_name("object")
    module = _required_module(value)
    if not module or target is None:
        return
    if target.type == "identifier":
        names = [ImportedDraft(member, _text(target), target)]
    elif target.type == "object_pattern" and not member:
        names = list(_pattern_names(target))
        if len(names) != target.named_child_count:
            return  # defaults, rests and nested patterns are read as a call and a pattern
    else:
        return
    yield ImportDraft(kind="require", module=module, names=names, node=_declaration(node))


def _pattern_names(pattern: Node) -> Iterator[ImportedDraft]:
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            yield ImportedDraft(_text(part), _text(part), part)
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if value is not None and value.type == "identifier":
                yield ImportedDraft(_text(key), _text(value), value)


def _declaration(declarator: Node) -> Node:
    """Return the whole statement where it declares nothing else."""
    statement = declarator.parent
    return statement if statement is not None and statement.named_child_count == 1 else declarator


def _required_module(call: Node | None) -> str:
    if call is None or call.type != "call_expression":
        return ""
    if _text(call.child_by_field_name("function")) != "require":
        return ""
    arguments = call.child_by_field_name("arguments")
    return _string(arguments.named_children[0]) if arguments and arguments.named_children else ""


def called(node: Node) -> Iterator[ImportDraft]:
    """`import("m")`, and a `require("m")` whose value goes elsewhere than into names."""
    function = node.child_by_field_name("function")
    if function is None or function.type not in {"import", "identifier"}:
        return
    if function.type == "import":
        arguments = node.child_by_field_name("arguments")
        given = arguments.named_children[:1] if arguments is not None else []
        if given and _string(given[0]):
            yield ImportDraft(kind="dynamic", module=_string(given[0]))
    elif module := _required_module(node):
        yield ImportDraft(kind="require", module=module)


# --- exports ----------------------------------------------------------------------------------


def reexports(node: Node) -> Iterator[ImportDraft]:
    """`export { a as b } from "m"`, `export * from "m"`, `export * as ns from "m"`."""
    source = node.child_by_field_name("source")
    if source is None:
        return
    names: list[ImportedDraft] = []
    for part in node.named_children:
        if part.type == "namespace_export":
            names += [ImportedDraft("*", _text(each), each) for each in part.named_children[:1]]
        elif part.type == "export_clause":
            for specifier in part.named_children:
                name = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or name
                if name is not None and alias is not None:
                    names.append(ImportedDraft(_text(name), _text(alias), alias))
    if not names:
        names.append(ImportedDraft("*", "", node))
    yield ImportDraft(
        kind="export",
        module=_string(source),
        names=names,
        reexport=True,
        type_only=_is_type_only(node),
    )


def exports(node: Node, reader: Reader) -> bool:
    """Record the names that an export statement gives to others; one in a namespace gives none."""
    if node.parent is not None and node.parent.type != "program":
        return False
    for child in node.children:
        if child.type == "default":
            declared = node.child_by_field_name("declaration")
            named = declared.child_by_field_name("name") if declared is not None else None
            reader.export("default", node.child_by_field_name("value") or named)
        elif child.type == "export_clause":
            for specifier in child.named_children:
                name = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or name
                reader.export(
                    _text(alias), name if node.child_by_field_name("source") is None else None
                )
        elif child.type == "=":  # `export = Api`
            reader.export("default", node.named_children[-1])
        elif child.type == "namespace_export":
            reader.export(_text(child.named_children[0]) if child.named_children else "")
    if not any(child.type == "default" for child in node.children):
        _export_declared(node.child_by_field_name("declaration"), reader)
    return False


def _export_declared(declaration: Node | None, reader: Reader) -> None:
    if declaration is not None and declaration.type == "ambient_declaration":
        declaration = declaration.named_children[0] if declaration.named_children else None
    if declaration is None:
        return
    name = declaration.child_by_field_name("name")
    if name is not None:
        reader.export(_text(name))
    for declarator in declaration.named_children:
        if declarator.type == "variable_declarator":
            pending = [declarator.child_by_field_name("name")]
            while pending:
                target = pending.pop()
                if target is None:
                    continue
                if target.type in _PATTERNS or target.type in {"pair_pattern", "rest_pattern"}:
                    pending += reversed(target.named_children)
                elif target.type in {"identifier", "shorthand_property_identifier_pattern"}:
                    reader.export(_text(target))


def common_exports(node: Node, reader: Reader) -> bool:
    """`module.exports = ...`, `exports.a = ...`, `module.exports.a = ...`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "member_expression":
        return False
    target = _text(left)
    if target == "module.exports":
        reader.export("default", right)
        for part in right.named_children if right.type == "object" else ():
            key = part.child_by_field_name("key") or part.child_by_field_name("name")
            if part.type == "shorthand_property_identifier" or key is not None:
                value = part.child_by_field_name("value")
                reader.export(_text(key) if key is not None else _text(part), value)
    elif target.startswith(("exports.", "module.exports.")):
        reader.export(target.rpartition(".")[2], right)
    return False


def is_last_overload(node: Node) -> bool:
    """Say whether a signature is not followed by another of its function, or by its body."""
    outer = node
    if node.parent is not None and node.parent.type in {"export_statement", "ambient_declaration"}:
        outer = node.parent
    after = outer.next_named_sibling
    if after is not None and after.type in {"export_statement", "ambient_declaration"}:
        after = after.child_by_field_name("declaration") or (
            after.named_children[0] if after.named_children else None
        )
    if after is None or after.type not in {"function_signature", "function_declaration"}:
        return True
    return _text(after.child_by_field_name("name")) != _text(node.child_by_field_name("name"))
