"""C++ to C++23: methods defined outside belong to their class; modules; the usual tests."""

from __future__ import annotations

import dataclasses
import re

import tree_sitter_cpp

from codearch.languages import _c_family as family
from codearch.languages import _c_flows
from codearch.languages._c_declarators import (
    declared_name,
    spelled_type,
)
from codearch.languages._cpp_definitions import (
    access,
    class_of,
    exported,
    function_of,
    held_lambda,
    holds_lambda,
    is_constructor,
    is_declared_constructor,
    is_named_outside,
    is_scoped_enum,
    is_test,
    is_test_macro,
    lambda_parameters,
    lambda_result,
    namespace_label,
    suite,
    test_name,
)
from codearch.languages._cpp_names import (
    EVIDENT,
    binding,
    capture,
    compound_literal,
    declaration,
    initializer,
    loop_variable,
    namespace_alias,
    new_object,
    type_parameter,
    using,
)
from codearch.languages._language import (
    CLASS_SCOPE,
    FUNCTION_SCOPE,
    MEMBER,
    MEMBERS_SCOPE,
    ORDERED_BLOCK_SCOPE,
    ORDERED_FUNCTION_SCOPE,
    OUTER_READ,
    PARAMETER,
    READ,
    TYPE,
    TYPE_PARAMETER,
    Define,
    Flow,
    Language,
    Param,
    Scoping,
    kinds,
)
from codearch.languages._preprocessor import prepare_cpp

LANGUAGE = Language(
    name="cpp",
    title="C++",
    extensions=(
        *(".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".h", ".ipp", ".tpp"),
        *(".inl", ".ixx", ".cppm", ".mpp", ".cu", ".cuh", ".ino", ".tcc", ".txx"),
    ),
    aliases=("c++", "cxx"),
    contents=re.compile(
        rb"^[ \t]*(?:class\s+\w[^;()]*[:{]|namespace\b|(?:inline\s+)?namespace\s+\w|template\s*<"
        rb"|using\s+\w|(?:public|private|protected)\s*:|virtual\s|friend\s|typename\s)"
        rb"|\bstd::|\bnullptr\b|\bconstexpr\b|\boperator\s*(?:[=+<>!\[(*-]|bool\b)|\b(?:static|const)_cast<"
        rb"|#[ \t]*include[ \t]*<(?:string|vector|memory|map|utility|functional|iostream|cstdint"
        rb"|cstddef|algorithm|set|atomic|type_traits|cstdlib|cstring|mutex|optional|array)>"
        rb"|-\*-[ \t]*(?:mode:[ \t]*)?C\+\+",
        re.MULTILINE,
    ),
    grammar=tree_sitter_cpp.language,
    prepare=prepare_cpp,
    define={
        "function_definition": (
            Define(
                kind="function",
                when=is_test_macro,
                name=test_name,
                owner=suite,
                parameters="",
                binds=None,
                test=True,
            ),
            function_of(when=is_named_outside, owner=family.owner_of, binds=None),
            function_of(when=is_constructor, binds=None),
            function_of(),
        ),
        "declaration": (
            function_of(when=is_declared_constructor, body="", binds=None),
            dataclasses.replace(family.PROTOTYPE, access=access),
        ),
        "field_declaration": dataclasses.replace(family.PROTOTYPE, access=access),
        **family.TYPES,
        "struct_specifier": class_of("struct"),
        "class_specifier": class_of("class"),
        "namespace_definition": (
            Define(kind="namespace", label=namespace_label),
            Define(kind=None, name="body", label=lambda _node: ""),
        ),
        "type_definition": family.TYPEDEFS,
        "alias_declaration": family.ALIAS,
        "concept_definition": Define(kind="type", body=""),
        "preproc_function_def": family.MACRO,
        "init_declarator": Define(
            kind="function",
            when=holds_lambda,
            name="declarator",
            inner=held_lambda,
            parameters=lambda_parameters,
            returned=lambda_result,
            binds="variable",
            shares=True,
        ),
    },
    wrappers=kinds("template_declaration linkage_specification field_declaration declaration"),
    wrapper_parts=kinds("template_parameter_list string_literal requires_clause"),
    parameters={
        **family.PARAMETERS,
        "optional_parameter_declaration": Param(
            name=declared_name, default="default_value", spelled=spelled_type
        ),
        "variadic_parameter_declaration": Param(
            name=declared_name, default="", spelled=spelled_type, variadic=True
        ),
    },
    variadics=kinds("variadic_parameter variadic_parameter_declaration"),
    decorators=kinds("attribute_declaration attribute_specifier ms_declspec_modifier"),
    exported=exported,
    is_test=is_test,
    comments=kinds("comment"),
    blocks=kinds("compound_statement field_declaration_list declaration_list"),
    doc_comment=family.DOC_COMMENT,
    plain_docs=True,
    doc_links=family.DOC_LINKS,
    doc_prose=family.plain_doxygen,
    identifiers=kinds("identifier field_identifier namespace_identifier"),
    type_identifiers=kinds("type_identifier"),
    roles={
        **family.ROLES,
        "class_specifier": {"name": TYPE, "*": READ},
        "base_class_clause": {"*": TYPE},
        "optional_parameter_declaration": {
            "type": TYPE,
            "declarator": PARAMETER,
            "default_value": READ,
        },
        "variadic_parameter_declaration": {"type": TYPE, "declarator": PARAMETER},
        "type_parameter_declaration": {"*": TYPE_PARAMETER},
        "optional_type_parameter_declaration": {"name": TYPE_PARAMETER, "default_type": TYPE},
        "variadic_type_parameter_declaration": {"*": TYPE_PARAMETER},
        "template_argument_list": {"*": READ},
        "qualified_identifier": {"scope": READ, "name": MEMBER},
        "template_type": {"arguments": READ},
        "template_function": {"arguments": READ},
        "template_method": {"arguments": READ},
        "alias_declaration": {"name": TYPE_PARAMETER, "type": TYPE},
        "namespace_definition": {"name": MEMBER, "*": READ},
        "concept_definition": {"name": MEMBER, "*": READ},
        "for_range_loop": {
            "type": TYPE,
            "declarator": family.SEEN_AT_ONCE,
            "right": OUTER_READ,
            "*": READ,
        },
        "lambda_capture_initializer": {"right": READ},
        "requires_expression": {"*": READ},
        "destructor_name": {"*": MEMBER},
        "attribute": {"*": MEMBER},
        "friend_declaration": {"*": TYPE},
    },
    scopes={
        **family.SCOPES,
        "struct_specifier": CLASS_SCOPE,
        "union_specifier": CLASS_SCOPE,
        "class_specifier": CLASS_SCOPE,
        "enum_specifier": Scoping(hoists=True, members=True, when=is_scoped_enum),
        "field_declaration": family.SCOPES["declaration"],
        "template_declaration": Scoping(header=True),
        "namespace_definition": FUNCTION_SCOPE,
        "lambda_expression": ORDERED_FUNCTION_SCOPE,
        "for_range_loop": ORDERED_BLOCK_SCOPE,
        "catch_clause": ORDERED_BLOCK_SCOPE,
        "requires_expression": MEMBERS_SCOPE,
    },
    readers={
        **family.READERS,
        "declaration": declaration,
        "new_expression": new_object,
        "compound_literal_expression": compound_literal,
        "field_initializer": initializer,
        "lambda_capture_initializer": capture,
        "structured_binding_declarator": binding,
        "type_parameter_declaration": type_parameter,
        "variadic_type_parameter_declaration": type_parameter,
    },
    implicit_names=True,
    imports={
        "preproc_include": family.include,
        "using_declaration": using,
        "namespace_alias_definition": namespace_alias,
    },
    calls=family.CALLS,
    members={
        "field_expression": ("argument", "field"),
        "qualified_identifier": ("scope", "name"),
    },
    qualified=kinds("qualified_identifier"),
    data_members=kinds("field_expression"),
    callee_wrappers={
        "template_function": "name",
        "template_method": "name",
        "template_type": "name",
        "pointer_expression": "argument",
    },
    references=family.REFERENCES,
    self_words=kinds("this"),
    typed={**family.TYPED, "for_range_loop": loop_variable},
    evident_types=EVIDENT,
    decisions=family.DECISIONS | {"catch"},
    decides=family.DECIDES,
    lost=family.LOST,
    flow={
        **family.FLOW,
        "for_range_loop": Flow.BRANCH,
        "try_statement": Flow.LEVEL,
        "catch_clause": Flow.CONDITION,
        "lambda_expression": Flow.DEEPER,
    },
    logical=kinds("binary_expression"),
    logical_operators=kinds("&& || and or"),
    parentheses=kinds("parenthesized_expression"),
    flows=_c_flows.CPP_FLOWS,
)
