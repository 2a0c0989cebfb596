"""The layers of settings, laid over each other key by key; what cannot be obeyed is said."""

from __future__ import annotations

import functools
import json
import os
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from codearch.checked import checked, did_you_mean, expected, learnt, nearest, shown, unwrapped
from codearch.errors import SettingsError, UsageError
from codearch.problems import WARNING, Problem
from codearch.settings.folders import user_settings_file
from codearch.settings.keys import RuleSettings, Settings
from codearch.settings.rules import KnownRules, Steps, spread, written, wrong_rule
from codearch.settings.schema import settings_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

FILE_LIMIT_BYTES = 1_000_000
VARIABLE_PREFIX = "CODEARCH_"
_TABLES = ("rules", "overrides")  # keys that the user names: each is one variable, as JSON
OTHER_VARIABLES = frozenset({"CODEARCH_CACHE_DIR"})  # no settings, but ours


class Layer(msgspec.Struct, frozen=True):
    """Settings from one place; `source` is how messages name it."""

    source: str
    values: dict[str, Any]
    file: bool = False  # a file's mistakes end a command of the command line
    workspace: bool = False  # may not set keys of scope "user"
    text: bool = False  # the environment: all values are text, keys have another name


class LoadedSettings(msgspec.Struct, frozen=True):
    """The settings that hold, and what was off; `disobeyed` are the mistakes in files."""

    settings: Settings
    problems: tuple[Problem, ...] = ()
    disobeyed: tuple[Problem, ...] = ()

    def obeyed(self) -> Settings:
        """Return the settings; raise SettingsError if a file could not be obeyed in full."""
        if self.disobeyed:
            first = self.disobeyed[0]
            raise SettingsError(first.message, mend=first.mend)
        return self.settings


def load_settings(
    root: Path,
    *,
    client: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] = os.environ,
    known_rules: KnownRules | None = None,
) -> LoadedSettings:
    """Read all layers of a root's settings; never raises, whatever the files hold.

    Without `known_rules` any rule is accepted.
    """
    problems: list[Problem] = []
    layers = [*_user_layer(problems), *_workspace_layer(root, problems)]
    unreadable = tuple(problems)
    layers.append(_environment_layer(environment, problems))
    layers.append(Layer("the editor's settings", dict(client or {})))
    merged = merge(layers, known_rules)
    return LoadedSettings(
        merged.settings, (*problems, *merged.problems), (*unreadable, *merged.disobeyed)
    )


def merge(layers: Collection[Layer], known_rules: KnownRules | None = None) -> LoadedSettings:
    """Lay the layers over each other, the weakest first, and drop each value that does not fit."""
    whole: dict[str, Any] = {}
    problems: list[Problem] = []
    disobeyed: list[Problem] = []
    for layer in layers:
        held: list[tuple[Steps, Any]] = []
        for path, value, kind in _leaves(layer.values, _kind(), ()):
            problem = (
                wrong_rule(layer.source, path, known_rules)
                or _unknown(layer, path, kind)
                or _wrong(layer, path, value, kind)
            )
            if problem is not None:
                problems.append(problem)
                if layer.file:
                    disobeyed.append(problem)
            elif layer.workspace and _is_users_own(path):
                problems.append(_refused(layer, path))
            elif value is not None:
                held.append((path, value))
        for path, value in spread(held, known_rules):
            if path[0] == "overrides":
                _put_last(whole, path[1])
            _put(whole, path, value)
    lax = any(layer.text for layer in layers)
    settings = msgspec.convert(whole, learnt(Settings), strict=not lax)
    return LoadedSettings(settings, tuple(problems), tuple(disobeyed))


@functools.cache
def _kind() -> inspect.Type:
    """Return what settings are made of, which takes longer to work out than all the rest."""
    return inspect.type_info(Settings)


# --- where layers come from -------------------------------------------------------------------


def _user_layer(problems: list[Problem]) -> list[Layer]:
    path = user_settings_file()
    values = _toml(path, problems)
    return [] if values is None else [Layer(str(path), values, file=True)]


def _workspace_layer(root: Path, problems: list[Problem]) -> list[Layer]:
    """Return the layer of codearch.toml, else of pyproject.toml's [tool.codearch]."""
    own, project = root / "codearch.toml", root / "pyproject.toml"
    values = _toml(own, problems)
    table = None
    if names_us(project):
        # A pyproject.toml that other tools cannot read either is theirs to complain of.
        table = (_toml(project, problems if values is None else []) or {}).get("tool", {})
        table = table.get("codearch") if isinstance(table, dict) else None
    if values is not None:
        if table is not None:
            message = f"{project}: [tool.codearch] is ignored, since codearch.toml lies beside it."
            problems.append(Problem(WARNING, message, "Keep the settings in one of the two."))
        return [Layer(str(own), values, file=True, workspace=True)]
    if isinstance(table, dict):
        return [Layer(f"{project} [tool.codearch]", table, file=True, workspace=True)]
    return []


def names_us(project: Path) -> bool:
    """Say whether a pyproject.toml mentions our table, without trusting it to be TOML."""
    data = _content(project)
    return isinstance(data, bytes) and b"tool.codearch" in data.replace(b" ", b"")


def _content(path: Path) -> bytes | str | None:
    """Return a settings file's bytes, None where there is none, or a sentence on what is wrong."""
    try:
        if not path.is_file():  # absent, a folder, or a pipe that would never end
            return None
        if path.stat().st_size > FILE_LIMIT_BYTES:
            return "it is larger than a megabyte"
        return path.read_bytes()
    except OSError as error:
        return error.strerror or "it cannot be read"


def _toml(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the content of a TOML file, None where there is none or it is broken."""
    data = _content(path)
    if data is None:
        return None
    if isinstance(data, bytes):
        try:
            return tomllib.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            data = f"it is not TOML: {error}"
    message = f"{path} is ignored: {data}."
    problems.append(Problem(WARNING, message, f"Mend {path.name} or remove it."))
    return None


def _environment_layer(environment: Mapping[str, str], problems: list[Problem]) -> Layer:
    paths = {key.variable: tuple(key.path.split(".")) for key in settings_keys()}
    paths = {name: path for name, path in paths.items() if path[0] not in _TABLES}
    paths |= {f"CODEARCH_{name.upper()}": (name,) for name in _TABLES}
    values: dict[str, Any] = {}
    for name, text in sorted(environment.items()):
        if not name.startswith(VARIABLE_PREFIX) or name in OTHER_VARIABLES or not text:
            continue
        if name in paths:
            _put(values, paths[name], _from_text(text, _kind_at(paths[name])))
        else:
            message = f"The environment's {name} is no setting.{did_you_mean(name, paths)}"
            problems.append(Problem(WARNING, message, f"Unset {name}."))
    return Layer("the environment", values, text=True)


def _from_text(text: str, kind: inspect.Type) -> Any:
    """Return a variable's value: JSON for lists and objects, a list also with commas."""
    if not isinstance(kind, inspect.DictType | inspect.VarTupleType):
        return text
    try:
        return json.loads(text)
    except ValueError:
        many = isinstance(kind, inspect.VarTupleType)
        return [part.strip() for part in text.split(",")] if many else text


# --- laying them over each other --------------------------------------------------------------


def _leaves(
    value: Any, kind: inspect.Type, path: Steps
) -> Iterator[tuple[Steps, Any, inspect.Type | None]]:
    """Yield path, value and type of each key that is set; the type is None for an unknown key."""
    kind = unwrapped(kind)
    if isinstance(value, dict) and isinstance(kind, inspect.StructType):
        known = {field.encode_name: field.type for field in kind.fields}
        if kind.cls is RuleSettings:
            del known["limits"]  # each limit is written beside the rule's other keys
        for name, inner in value.items():
            if name in known:
                yield from _leaves(inner, known[name], (*path, name))
            elif kind.cls is RuleSettings:
                yield (*path, "limits", name), inner, inspect.FloatType()
            else:
                yield (*path, name), inner, None
    elif isinstance(value, dict) and isinstance(kind, inspect.DictType):
        for name, inner in value.items():
            yield from _leaves(inner, kind.value_type, (*path, name))
    else:
        yield path, value, kind


def _unknown(layer: Layer, path: Steps, kind: inspect.Type | None) -> Problem | None:
    """Return what to say of a key that does not exist."""
    if kind is not None:
        return None
    name = written(path)
    message = f"{layer.source}: unknown key `{name}`.{_near_key(path)}"
    return Problem(WARNING, message, f"Correct or remove `{name}`.")


def _near_key(path: Steps) -> str:
    """Return the hint for an unknown key: near as a whole, or near in its last part."""
    whole = [*(key.path for key in settings_keys()), *Settings.__struct_encode_fields__]
    last = {key.path.split(".")[-1]: key.path for key in settings_keys()}
    match = nearest(".".join(path), whole) or last.get(nearest(path[-1], last) or "")
    return f' Did you mean "{match}"?' if match else ""


def _wrong(layer: Layer, path: Steps, value: Any, kind: inspect.Type | None) -> Problem | None:
    """Return what to say of a value that its key cannot take."""
    if value is None and not layer.file:  # how an editor says "not set"
        return None
    nested: dict[str, Any] = {}
    _put(nested, path, value)
    try:
        checked(nested, Settings, from_text=layer.text)
    except UsageError:
        name = _variable(path) if layer.text else written(path)
        must = expected(kind) if kind is not None else "another value"
        message = f"{layer.source}: `{name}` must be {must}, not {shown(value)}; it is ignored."
        return Problem(WARNING, message, f"Correct or remove `{name}`.")
    return None


def _refused(layer: Layer, path: Steps) -> Problem:
    name = written(path)
    message = f"{layer.source}: `{name}` is ignored, since a workspace may not set it."
    mend = f"If you want it, set it in {user_settings_file()} or in your editor's own settings."
    return Problem(WARNING, message, mend)


def _is_users_own(path: Steps) -> bool:
    name = ".".join(path)
    return any(key.scope == "user" and key.path == name for key in settings_keys())


def _kind_at(path: Steps) -> inspect.Type:
    kind: inspect.Type = inspect.type_info(Settings)
    for step in path:
        assert isinstance(kind, inspect.StructType)  # noqa: S101 - paths come from the keys
        kind = unwrapped(next(one.type for one in kind.fields if one.encode_name == step))
    return kind


def _variable(path: Steps) -> str:
    if path[0] in _TABLES:
        return f"CODEARCH_{path[0].upper()}"
    name = ".".join(path[:2])
    return next(key.variable for key in settings_keys() if key.path == name)


def _put_last(values: dict[str, Any], glob: str) -> None:
    """Put a glob behind those of weaker layers, for where a file matches both."""
    overrides = values.setdefault("overrides", {})
    overrides[glob] = overrides.pop(glob, {})


def _put(values: dict[str, Any], path: Steps, value: Any) -> None:
    for step in path[:-1]:
        inner = values.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = values[step] = {}
        values = inner
    values[path[-1]] = value
