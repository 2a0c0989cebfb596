"""Java to 21 and beyond: records, sealed types, patterns, text blocks; Javadoc as plain words."""

from __future__ import annotations

import re

import tree_sitter_java

from codearch.languages import _java_calls as calls
from codearch.languages import _java_definitions as definitions
from codearch.languages import _java_flows, _javadoc
from codearch.languages import _java_names as names
from codearch.languages._language import (
    BLOCK_SCOPE,
    CLASS_SCOPE,
    FIELD,
    MEMBER,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
    VARIABLE,
    WRITE,
    Callee,
    Define,
    Flow,
    Language,
    Param,
    Role,
    Scoping,
    Typed,
)

_SEEN_AT_ONCE = Role(binds="variable")
_ENUM_CONSTANT = Role(binds="constant")
_INITIAL_VALUE = Role(use="read", after=True)  # its declarator's name is not bound before its end


LANGUAGE = Language(
    name="java",
    title="Java",
    extensions=(".java", ".jav"),
    grammar=tree_sitter_java.language,
    define={
        "class_declaration": Define(
            kind="class", bases=definitions.bases, inner="body", body=definitions.itself
        ),
        "interface_declaration": Define(
            kind="interface", bases=definitions.bases, inner="body", body=definitions.itself
        ),
        "annotation_type_declaration": Define(kind="interface"),
        "enum_declaration": Define(kind="enum", bases=definitions.bases),
        "record_declaration": Define(kind="record", bases=definitions.bases),
        "method_declaration": Define(kind="method", returns="type"),
        "constructor_declaration": Define(kind="method", binds=None),
        "compact_constructor_declaration": Define(kind="method", binds=None),
        "annotation_type_element_declaration": Define(kind="method", returns="type"),
        "variable_declarator": (
            Define(kind="function", when=definitions.field_lambda, inner="value", binds="field"),
            Define(
                kind="function",
                when=definitions.holds_lambda,
                inner="value",
                binds="variable",
                shares=True,
            ),
        ),
        "class_body": Define(
            kind=None, name=definitions.anonymous_name, bases=definitions.anonymous_base
        ),
    },
    parameters={
        "formal_parameter": Param(default=""),
        "spread_parameter": Param(
            name=definitions.spread_name, type=definitions.spread_type, default=""
        ),
        "identifier": Param(name="", type="", default=""),
    },
    variadics=frozenset({"spread_parameter"}),
    decorators=frozenset({"annotation", "marker_annotation"}),
    modifiers=frozenset({"modifiers"}),
    exported=definitions.exported,
    is_test=definitions.is_test,
    comments=frozenset({"line_comment", "block_comment"}),
    blocks=frozenset({"block", "class_body", "interface_body"}),
    doc_comment=re.compile(r"/\*\*(?!/)|///(?!/)"),
    doc_links=(
        re.compile(r"\{@(?:link|linkplain|value)\s+([\w.$]+)"),
        re.compile(r"\{@(?:link|linkplain)\s+[^\s}#]*#\w+\(([^)}]*)\)"),
        re.compile(r"@see\s+([\w.$]+)"),
        re.compile(r"@see\s+[\w.$]*#\w+\(([^)]*)\)"),
        re.compile(r"@(?:throws|exception)\s+([\w.$]+)"),
        re.compile(r"(?<=\[)([A-Z][\w.$]*)(?=[#\]])"),
    ),
    doc_prose=_javadoc.plain_javadoc,
    identifiers=frozenset({"identifier"}),
    type_identifiers=frozenset({"type_identifier"}),
    roles={
        "field_access": {"object": READ, "field": MEMBER},
        "scoped_identifier": {"scope": READ, "name": MEMBER},
        "method_invocation": {"name": MEMBER, "*": READ},
        "array_access": {"*": READ},
        "assignment_expression": {"left": WRITE, "right": READ},
        "annotation": {"name": TYPE, "arguments": READ},
        "marker_annotation": {"name": TYPE},
        "element_value_pair": {"key": MEMBER, "value": READ},
        "break_statement": {"*": MEMBER},
        "continue_statement": {"*": MEMBER},
        "record_declaration": {"parameters": FIELD},
        "method_declaration": {"parameters": PARAMETER},
        "constructor_declaration": {"parameters": PARAMETER},
        "lambda_expression": {"parameters": PARAMETER, "body": READ},
        "formal_parameter": {"type": TYPE},
        "spread_parameter": {"*": TYPE},
        "receiver_parameter": {"*": TYPE},
        "type_parameter": {"*": TYPE_PARAMETER},
        "type_bound": {"*": TYPE},
        "field_declaration": {"type": TYPE, "declarator": FIELD},
        "constant_declaration": {"type": TYPE, "declarator": _ENUM_CONSTANT},
        "local_variable_declaration": {"type": TYPE, "declarator": VARIABLE},
        "variable_declarator": {"value": _INITIAL_VALUE},
        "enum_constant": {"name": _ENUM_CONSTANT, "*": READ},
        "catch_formal_parameter": {"name": _SEEN_AT_ONCE, "*": TYPE},
        "resource": {"type": TYPE, "name": _SEEN_AT_ONCE, "*": READ},
        "enhanced_for_statement": {"type": TYPE, "name": _SEEN_AT_ONCE, "*": READ},
        "instanceof_expression": {"left": READ, "name": _SEEN_AT_ONCE, "*": TYPE},
        "record_pattern": {"*": TYPE},
        "record_pattern_component": {"*": TYPE},
        "type_pattern": {"*": TYPE},
    },
    scopes={
        **dict.fromkeys(definitions.TYPES, CLASS_SCOPE),
        "class_declaration": BLOCK_SCOPE,  # its type parameters; members are seen in the body alone
        "interface_declaration": BLOCK_SCOPE,
        "class_body": Scoping(hoists=True, when=definitions.is_no_record),
        "interface_body": CLASS_SCOPE,
        "method_declaration": ORDERED_FUNCTION_SCOPE,
        "constructor_declaration": ORDERED_FUNCTION_SCOPE,
        "compact_constructor_declaration": ORDERED_FUNCTION_SCOPE,
        "lambda_expression": ORDERED_FUNCTION_SCOPE,
        **dict.fromkeys(
            [
                "block",
                "constructor_body",
                "for_statement",
                "enhanced_for_statement",
                "catch_clause",
                "switch_block",
                "try_with_resources_statement",
                "switch_rule",
            ],
            ORDERED_BLOCK_SCOPE,
        ),
    },
    readers={
        "package_declaration": names.package,
        "scoped_type_identifier": names.scoped_type,
        "method_invocation": names.bare_call,
        "labeled_statement": names.label,
        "type_pattern": names.pattern,
        "record_pattern_component": names.pattern,
        "spread_parameter": names.spread,
        "local_variable_declaration": names.inferred,
        "enhanced_for_statement": names.inferred,
        "resource": names.inferred,
        "explicit_constructor_invocation": calls.constructor_call,
        "enum_constant": calls.constant,
        "method_reference": calls.method_reference,
    },
    types_apart=True,
    inert_uses=frozenset({"doc"}),
    implicit_names=True,
    imports={"import_declaration": names.imported},
    calls={
        "method_invocation": Callee(function="name", receiver="object"),
        "object_creation_expression": Callee(parts=calls.made, kind="new"),
    },
    members={"field_access": ("object", "field"), "scoped_identifier": ("scope", "name")},
    self_words=frozenset({"this"}),
    super_words=frozenset({"super"}),
    typed={
        "field_declaration": calls.declared_names,
        "constant_declaration": calls.declared_names,
        "local_variable_declaration": calls.declared_names,
        "enum_constant": calls.enum_constant_type,
        "enhanced_for_statement": Typed(
            target="name", type=calls.declared_type, value=calls.nothing
        ),
        "resource": Typed(target="name", type=calls.declared_type),
        "instanceof_expression": Typed(target="name", type="right", value=calls.nothing),
        "catch_formal_parameter": Typed(target="name", type=calls.caught_type, value=calls.nothing),
    },
    evident_types=calls.EVIDENT,
    decisions=frozenset(["if", "for", "while", "catch", "&&", "||", "case", "ternary_expression"]),
    flow={
        "if_statement": Flow.BRANCH,
        "for_statement": Flow.BRANCH,
        "enhanced_for_statement": Flow.BRANCH,
        "while_statement": Flow.BRANCH,
        "do_statement": Flow.BRANCH,
        "switch_expression": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "try_with_resources_statement": Flow.LEVEL,
        "synchronized_statement": Flow.LEVEL,
        "catch_clause": Flow.CONDITION,
        "ternary_expression": Flow.CONDITION,
        "else": Flow.ELSE,
        "break_statement": Flow.JUMP,
        "continue_statement": Flow.JUMP,
        "lambda_expression": Flow.DEEPER,
    },
    logical=frozenset({"binary_expression"}),
    logical_operators=frozenset({"&&", "||"}),
    parentheses=frozenset({"parenthesized_expression"}),
    flows=_java_flows.FLOWS,
)
