"""Writes the documents that follow from the code: settings, protocol, and third parties' licences.

`python docs/generate.py` writes them; a test compares them with what this file would write.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import textwrap
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from codearch.cli.cache._forms import FORMS
from codearch.commands._schema import all_commands, schemas
from codearch.settings import settings_keys

REPOSITORY = Path(__file__).resolve().parents[1]


def settings() -> str:
    """Return docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "<!-- Written by docs/generate.py: change server/codearch/settings/keys.py instead. -->",
        "",
        "Layers, strongest first: the editor's `codearch.*`, environment variables, the",
        "workspace's `codearch.toml` (or `[tool.codearch]` in `pyproject.toml`), your own",
        "`codearch.toml` in the configuration folder of your system (on Linux",
        "`~/.config/codearch/`), the defaults. Tables merge key by key, lists replace each other.",
        "An unknown key or a wrong value is a warning in editors, which names file, key and the",
        "nearest right one, and ends a command of the command line with exit code 2.",
        "",
        "Keys of scope *user* are not read from a workspace's file: they name programs, models or",
        "places outside the workspace, or decide how much of your machine is used.",
        "",
        "```toml",
        "# codearch.toml",
        "[index]",
        'exclude = ["third_party/", "*.generated.ts"]',
        "",
        "[rules.long-function]",
        "lines = 120",
        "severity = 3",
        "",
        '[overrides."tests/**".rules.long-function]',
        "lines = 300",
        "",
        '[overrides."{legacy,generated}/".rules."*"]',
        "enabled = false",
        "```",
        "",
        *_OVERRIDES.splitlines(),
        "",
        "| key | must be | default | scope | environment |",
        "| --- | --- | --- | --- | --- |",
    ]
    keys = settings_keys()
    for key in keys:
        table = f"CODEARCH_{key.path.partition('.')[0].upper()}"
        variable = f"in `{table}`, as JSON" if "<" in key.path else f"`{key.variable}`"
        lines.append(
            f"| `{key.path}` | {_cell(key.must_be)} | {_default(key.default)} | {key.scope}"
            f" | {variable} |"
        )
    lines += ["", "What they mean:", ""]
    lines += [f"- `{key.path}`: {key.description}" for key in keys]
    lines += [
        "",
        "Every further key of a rule is one of its limits, a number: `codearch rules` lists them.",
        "",
        "`CODEARCH_CACHE_DIR` names the folder of indexes and logs; it is no setting, since it",
        "decides which indexer is asked. It is read from the environment of whoever starts a",
        "process.",
    ]
    return "\n".join(lines) + "\n"


_OVERRIDES = """\
Under `overrides` stands what else holds for the files of a glob: whether a rule runs, its severity,
its limits. A glob is a folder, a file, or a pattern with `**`, `*`, `?`, `[...]` and `{a,b}`;
without a slash (one at its end does not count) it matches a name at any depth, else from the root,
and what matches a folder matches all below it. What an override does not say stays as it is. Where
several match, the last one wins, and those of a stronger layer over those of a weaker one.
Instead of a rule's name a pattern may stand, `security-*` or `*`, here and under `rules`; in one
file the name that says more of the rule wins. `codearch rules --path FILE` shows what holds for a
file and which overrides make it so.

A finding is treated as its own file says, that at which it is told, and `clone` compares nothing
with files for which it is off. Limits of rules that look at all files at once (`clone`, `coupling`,
`untested`) cannot differ by folder, which is said. A rule that an override turns off stays so for
`codearch check --rule`, too. A `codearch.toml` in a folder is no way to override: it makes the
folder a root of its own."""


def protocol() -> str:
    """Return docs/protocol.md."""
    found = schemas()
    lines = [
        "# Protocol",
        "",
        "<!-- Written by docs/generate.py: change server/codearch/commands/ instead. -->",
        "",
        "Beside the Language Server Protocol's own requests the server answers",
        "`workspace/executeCommand` with the commands below. Each takes one object and gives one",
        "object, in camelCase, with LSP's 0-based ranges in the agreed position encoding, and",
        "URIs. A field that is missing, unknown or wrong is answered `InvalidParams` (-32602) with",
        "a sentence that names it. `folder` is the URI of one workspace folder, or of a",
        "folder inside one, to which the answer is narrowed; without it a command serves all",
        "folders of the session. `codearch schema` prints the same as JSON Schema.",
        "",
        "On the command line `--json` prints the same objects with two differences: `uri` becomes",
        "`path`, relative to the root with `/`, and ranges become `line` and `endLine`, counted",
        "from 1. `highlights` are `{line, column, endColumn}`, the columns UTF-16 from 0.",
        "",
        "The server sends `codearch/status` with the object of `codearch.status` when it changes,",
        "at most four times a second.",
        "",
    ]
    for name, command in sorted(all_commands().items()):
        module = sys.modules[command.run.__module__]
        lines += [f"## {name}", "", _sentence(inspect.getdoc(module) or ""), ""]
        lines += _fields("Argument", found["$defs"][command.argument.__name__])
        lines += [f"Result: [{command.result.__name__}](#{command.result.__name__.lower()})", ""]
    arguments = {command.argument.__name__ for command in all_commands().values()}
    lines += ["# Forms", ""]
    for name, form in sorted(found["$defs"].items()):
        if name not in arguments:
            lines += [f"## {name}", "", form.get("description", ""), "", *_fields("", form)]
    return "\n".join(lines).rstrip() + "\n"


CACHE = """\
# The cache

<!-- Written by docs/generate.py: its tables from server/codearch/cli/cache/_forms.py. -->

Each root has one index, in a folder of its own below your cache folder (on Linux
`~/.cache/codearch/`) or below `CODEARCH_CACHE_DIR`. An index can be made again from the files, so
that it is always safe to remove. It is for its user alone: the folder is kept at mode 0700, and one
that somebody else has put in its place is refused.

```
codearch cache list                    # root, size, when last used, the budget, what else is there
codearch cache clear                   # removes the index of this folder's root
codearch cache clear ROOT ...          # of these roots, also where they are gone
codearch cache clear --gone            # of all roots whose folders are no longer there
codearch cache clear --older-than 30   # of all that were not used for 30 days
codearch cache clear --all
codearch cache budget 5GB              # beyond it, those unused for longest are removed
codearch cache budget none
```

- **In use** is an index on which an indexer works for a client: an editor, or a command that runs.
  It is never removed; `clear` names the process, and ends with 3 where such a root was named. An
  indexer that only waits for its next client is asked to leave, and leaves.
- **Last used** is noted when a client comes and goes and when an indexer starts and ends, so that
  searching alone counts, at the cost of one time stamp. Where all of them were killed, it is when
  the index was last written. Listing and `codearch doctor` do not count.
- **Gone** is a root that is no folder any more: that of a disk which is not mounted is gone, too.
- **The budget** is `cache.budgetMb` of your own settings; a workspace cannot set it. It is kept to
  when it is set, and when an indexer starts or ends, never in between. First go the indexes of
  roots that are gone, then those unused for longest; never the indexer's own and none in use, so
  that these may exceed it: `codearch status` and `codearch doctor` say so.
- **Nothing is deleted by half**: an index is renamed aside while its locks are held, and deleted
  after that. Who starts meanwhile begins a new one. What a killed process has left aside
  (`.removed-…`) is deleted by the next `clear`, `budget` or indexer.
- **What is no index** is left alone, and listed.

`--json` prints these objects:
"""


def cache() -> str:
    """Return docs/cache.md."""
    _, found = msgspec.json.schema_components(FORMS, ref_template="#/$defs/{name}")
    lines = [*CACHE.splitlines(), ""]
    names = ("list", "clear", "budget")
    for name, form in zip(names, FORMS[: len(names)], strict=True):
        schema = found[form.__name__]
        lines += [f"## codearch cache {name}", "", *_fields("", schema)]
    index = FORMS[-1].__name__
    lines += [f"## {index}", "", found[index]["description"], "", *_fields("", found[index])]
    return "\n".join(lines).rstrip() + "\n"


def notices() -> str:
    """Return THIRD-PARTY-NOTICES.md: all that an installation brings, with its licence."""
    rows = []
    for name in sorted(_runtime_dependencies()):
        distribution = metadata.metadata(name)
        rows.append(f"| {distribution['Name']} | {_licence(distribution)} |")
    return "\n".join(
        [
            "# Third-party notices",
            "",
            "<!-- Written by docs/generate.py from the metadata of the installed packages. -->",
            "",
            "CodeArchaeologist is licensed under the Apache License 2.0. It contains no code of",
            "third parties but in its panels. At run time it uses these packages, which are",
            "installed beside it; the full texts of their licences come with them.",
            "",
            "| package | licence |",
            "| --- | --- |",
            *rows,
            "",
            "On Windows click also brings colorama (BSD-3-Clause); before Python 3.12 lancedb also",
            "brings overrides (Apache-2.0).",
            "",
            "## In the panels",
            "",
            "The panels are built into one script, which holds code of these packages; the full",
            "texts of their licences are beside it in `third-party-notices.md`.",
            "",
            "| package | licence |",
            "| --- | --- |",
            *_bundled(),
            "",
            "## What the embedding model learnt from",
            "",
            "The model that is shipped was trained for CodeArchaeologist from docstrings and the",
            "code that they describe, out of the packages below, all of them with permissive",
            "licences as their registries and their own metadata name them. It holds numbers and",
            "word pieces, and none of their code. `models/README.md` says how it is made,",
            "`models/sources.lock.json` names version and digest of each archive.",
            "",
            *_learnt_from(),
            "",
        ]
    )


def _bundled() -> list[str]:
    """Return what the panels depend on at run time, near and far, as the lock file has it."""
    locked = json.loads((REPOSITORY / "clients/package-lock.json").read_text("utf-8"))["packages"]
    found: dict[str, str] = {}
    ahead = [*locked["panels"]["dependencies"]]
    while ahead:
        name = ahead.pop()
        package = locked[f"node_modules/{name}"]
        if name not in found and not name.startswith(("@codearch/", "@types/")):
            found[name] = f"| {name} | {package['license']} |"
            ahead += package.get("dependencies", ())
    return [found[name] for name in sorted(found)]


def _learnt_from() -> list[str]:
    """Return the packages that training read, by licence, the most frequent first."""
    models = REPOSITORY / "models"
    split = tomllib.loads((models / "sources.toml").read_text("utf-8"))["split"]
    kept_out = {*split["development"], *split["test"]}
    by_licence: dict[str, set[str]] = {}
    for one in json.loads((models / "sources.lock.json").read_text("utf-8")):
        if one["licence"] and one["package"] not in kept_out:  # without one it is kept apart
            by_licence.setdefault(one["licence"], set()).add(one["package"])
    lines = []
    for licence, names in sorted(by_licence.items(), key=lambda each: (-len(each[1]), each[0])):
        text = f"- **{licence}** ({len(names)}): {', '.join(sorted(names))}"
        lines += textwrap.wrap(
            text, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
    return lines


DOCUMENTS = {
    "docs/settings.md": settings,
    "docs/protocol.md": protocol,
    "docs/cache.md": cache,
    "THIRD-PARTY-NOTICES.md": notices,
}


def _fields(title: str, schema: dict[str, Any]) -> list[str]:
    properties = {name: one for name, one in schema["properties"].items() if name != "folder"}
    if not properties:
        return [f"{title}: none", ""] if title else []
    required = schema.get("required", [])
    lines = [f"{title}:", ""] if title else []
    lines += ["| field | what | default | |", "| --- | --- | --- | --- |"]
    for name, one in properties.items():
        default = "required" if name in required else _default(one.get("default"))
        if not title:
            default = "" if name in required else "may be absent"
        about = _cell(one.get("description", ""))
        lines.append(f"| `{name}` | {_cell(_kind(one))} | {default} | {about} |")
    return [*lines, ""]


def _kind(schema: dict[str, Any]) -> str:
    """Return a JSON Schema's type in words, with a link where it is a form of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {_kind(schema['additionalProperties'])}"
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = f" {low} to {high}" if high is not None else f" from {low}" if low else ""
    return f"{schema.get('type', 'anything')}{bounds}"


def _default(value: object) -> str:
    if value is None:
        return "none"
    if value in ([], {}, ""):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sentence(document: str) -> str:
    """Return a command's first line without its own name: it stands in the heading."""
    text = re.sub(r"^`[^`]+`: ", "", document.partition("\n")[0])
    return text[:1].upper() + text[1:]


def _runtime_dependencies() -> set[str]:
    """Return all packages that an installation brings on this platform and Python 3.12."""
    python = {"extra": "", "python_version": "3.12", "python_full_version": "3.12.0"}
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    found: set[str] = set()
    waiting = [Requirement(text) for text in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        wanted = requirement.marker is None or requirement.marker.evaluate(python)
        if wanted and name not in found:
            found.add(name)
            waiting += [Requirement(text) for text in metadata.requires(name) or []]
    return found


def _licence(distribution: metadata.PackageMetadata) -> str:
    """Return the licence that a package's metadata names: expression, classifier or first line."""
    expression = distribution.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = distribution.get_all("Classifier") or []
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ")]
    named = [one for one in named if one != "OSI Approved"]
    if named:
        return ", ".join(named)
    return (distribution.get("License") or "see the package").partition("\n")[0]


def main() -> None:
    """Write all documents."""
    for path, written in DOCUMENTS.items():
        (REPOSITORY / path).write_text(written(), "utf-8")


if __name__ == "__main__":
    main()
