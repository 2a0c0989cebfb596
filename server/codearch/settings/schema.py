"""The keys as data: for the JSON Schema, the documentation, the environment and spelling hints."""

from __future__ import annotations

import functools
import re
from typing import Any

import msgspec
from msgspec import inspect

from codearch.checked import expected
from codearch.settings.keys import RuleSettings, Settings

RULE = "rules.<rule>"  # how the documentation writes a rule's keys
OVERRIDE = f"overrides.<glob>.{RULE}"


class Key(msgspec.Struct, frozen=True):
    """One setting: its dotted camelCase path, what it must be, its default, scope and meaning."""

    path: str
    must_be: str
    default: Any
    scope: str
    description: str

    @property
    def variable(self) -> str:
        """Return the environment's name of the key: CODEARCH_INDEX_MAX_FILE_KB."""
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.path)
        return f"CODEARCH_{snake.replace('.', '_').upper()}"


@functools.cache
def settings_keys() -> tuple[Key, ...]:
    """Return all keys in the order of their sections; those of a rule as `rules.<rule>.…`."""
    found: list[Key] = []
    for section in _struct(Settings).fields:
        kind, prefix = section.type, section.encode_name
        if prefix == "rules":
            kind, prefix = inspect.type_info(RuleSettings), RULE
        elif prefix == "overrides":
            kind, prefix = inspect.type_info(RuleSettings), OVERRIDE
        if isinstance(kind, inspect.StructType):
            found += [
                _key(prefix, field)
                for field in kind.fields
                if isinstance(field.type, inspect.Metadata)
            ]
    return tuple(found)


def settings_schema() -> dict[str, Any]:
    """Return the JSON Schema of `codearch.toml`, with descriptions, defaults and scopes."""
    (_,), definitions = msgspec.json.schema_components([Settings], ref_template="#/$defs/{name}")
    rule = definitions["RuleSettings"]
    del rule["properties"]["limits"]
    rule["additionalProperties"] = {"type": "number"}
    whole: dict[str, Any] = definitions.pop("Settings")
    for definition in (whole, *definitions.values()):
        for name, property_schema in definition["properties"].items():
            _plain(name, property_schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CodeArchaeologist settings",
        **{key: value for key, value in whole.items() if key != "title"},
        "$defs": definitions,
    }


def _plain(name: str, schema: dict[str, Any]) -> None:
    """Write a section's default as JSON has it: tuples as arrays, sections without theirs."""
    if "$ref" in schema or name in ("rules", "overrides"):
        schema.pop("default", None)
    elif isinstance(schema.get("default"), tuple):
        schema["default"] = list(schema["default"])


def _key(prefix: str, field: inspect.Field) -> Key:
    extra = field.type.extra_json_schema or {} if isinstance(field.type, inspect.Metadata) else {}
    default = field.default
    if default is msgspec.NODEFAULT:
        default = field.default_factory()
    return Key(
        path=f"{prefix}.{field.encode_name}",
        must_be=expected(field.type),
        default=list(default) if isinstance(default, tuple) else default,
        scope=extra.get("scope", "workspace"),
        description=extra.get("description", ""),
    )


def _struct(kind: type) -> inspect.StructType:
    node = inspect.type_info(kind)
    assert isinstance(node, inspect.StructType)  # noqa: S101 - tells the type checker what it is
    return node
