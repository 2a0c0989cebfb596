"""JSON Schemas of all commands and of the settings: what clients' types are generated from."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from codearch import __version__, commands, plugins
from codearch.commands._command import Command
from codearch.settings import settings_schema

REF = "#/$defs/{name}"


def all_commands() -> dict[str, Command[Any, Any]]:
    """Return every command by its name."""
    found = plugins.load(commands, "COMMAND", Command)
    return {command.name: command for command in found.values()}


def schemas() -> dict[str, Any]:
    """Return version, settings and commands; the commands share `$defs`."""
    found = all_commands()
    kinds = [kind for command in found.values() for kind in (command.argument, command.result)]
    references, definitions = msgspec.json.schema_components(kinds, ref_template=REF)
    for definition in definitions.values():
        if "description" in definition:  # a docstring, which Python dedents from 3.13 on
            definition["description"] = inspect.cleandoc(definition["description"])
    pairs = zip(references[::2], references[1::2], strict=True)
    return {
        "version": __version__,
        "settings": settings_schema(),
        "commands": {
            name: {"argument": argument, "result": result}
            for name, (argument, result) in zip(found, pairs, strict=True)
        },
        "$defs": definitions,
    }
