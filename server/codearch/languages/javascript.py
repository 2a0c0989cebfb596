"""JavaScript with JSX, as modules or CommonJS; types in it are read all the same."""

from __future__ import annotations

import re

import tree_sitter_javascript
import tree_sitter_typescript

from codearch.languages import _ecmascript as ecmascript
from codearch.languages import _ecmascript_counting as counting
from codearch.languages import _ecmascript_definitions as definitions
from codearch.languages import _ecmascript_flows
from codearch.languages._language import Dialect, Language, kinds

DEFINE = {**definitions.DEFINE, **definitions.TYPED_DEFINE}
READERS = {**ecmascript.READERS, **ecmascript.TYPED_READERS}

LANGUAGE = Language(
    name="javascript",
    title="JavaScript",
    extensions=(".js", ".jsx", ".mjs", ".cjs", ".es6", ".jsm"),
    filenames=("Jakefile",),
    interpreters=("node", "nodejs", "deno", "bun"),
    aliases=("js", "jsx", "node"),
    grammar=tree_sitter_javascript.language,
    dialects=(Dialect(tree_sitter_typescript.language_tsx, re.compile(rb"@flow\b")),),
    define={**DEFINE, "field_definition": definitions.FIELD_DEFINE},
    wrappers=definitions.WRAPPERS,
    parameters={**definitions.PARAMETERS, **definitions.TYPED_PARAMETERS},
    variadics=kinds("rest_pattern"),
    decorators=kinds("decorator"),
    exported=definitions.exported,
    scripts=True,
    comments=kinds("comment html_comment"),
    overloads=kinds("function_signature"),
    blocks=kinds("statement_block class_body"),
    doc_comment=ecmascript.DOC_COMMENT,
    doc_links=ecmascript.DOC_LINKS,
    identifiers=ecmascript.IDENTIFIERS,
    type_identifiers=kinds("type_identifier"),
    roles={**ecmascript.ROLES, **ecmascript.TYPED_ROLES},
    scopes={**ecmascript.SCOPES, **ecmascript.TYPED_SCOPES},
    readers={**READERS, "field_definition": ecmascript.class_field},
    imports=ecmascript.IMPORTS,
    guards=ecmascript.GUARDS,
    calls=ecmascript.CALLS,
    members={**ecmascript.MEMBERS, **ecmascript.TYPED_MEMBERS},
    references=ecmascript.REFERENCES,
    self_words=kinds("this"),
    super_words=kinds("super"),
    typed={**ecmascript.TYPED, **ecmascript.TYPED_TYPED},
    elements={"for_in_statement": ("left", "right")},
    returning=frozenset({"return_statement"}),
    evident_types={**ecmascript.EVIDENT_TYPES, **ecmascript.TYPED_EVIDENT},
    decisions=counting.DECISIONS,
    decides={**counting.DECIDES, **counting.TYPED_DECIDES},
    flow=ecmascript.FLOW,
    anonymous=definitions.FUNCTIONS,
    uncounted=kinds("template_substitution"),
    lost=counting.LOST,
    decisions_end=counting.decisions_end,
    logical=kinds("binary_expression"),
    logical_operators=kinds("&& ||"),
    parentheses=kinds("parenthesized_expression non_null_expression"),
    declaring=ecmascript.DECLARING,
    flows=_ecmascript_flows.FLOWS,
)
