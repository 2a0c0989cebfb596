"""Settings of rules: for all files, over them for those of a glob; and patterns of rules."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from codearch.checked import did_you_mean, shown
from codearch.globs import path_glob
from codearch.problems import WARNING, Problem
from codearch.settings.keys import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from codearch.settings.keys import Settings

Steps = tuple[str, ...]  # the steps of a key: ("rules", "todo", "severity")
Rules = dict[str, RuleSettings]  # by id

_NO_SETTINGS = RuleSettings()
_WHOLE_NAME = 1_000  # characters; no pattern says as much


class KnownRules(NamedTuple):
    """The rules that there are."""

    limits: Mapping[str, Collection[str]]  # their names, by rule
    whole: Collection[str] = ()  # rules that look at all files at once: their limits hold for all


# --- what holds for a file --------------------------------------------------------------------


def rules_at(settings: Settings, path: str) -> Mapping[str, RuleSettings]:
    """Return the rules' settings for a file: its overrides over those of all files."""
    over = overridden_at(settings, path)
    if not over:
        return settings.rules
    return {**settings.rules, **{rule: _over(settings.rules, rule, over[rule]) for rule in over}}


def overridden_at(settings: Settings, path: str) -> Rules:
    """Return what the overrides alone say of a file; where several speak of it, the last wins."""
    found: Rules = {}
    for _, rules in overrides_of(settings, path):
        for rule, one in rules.items():
            found[rule] = _over(found, rule, one)
    return found


def overrides_of(settings: Settings, path: str) -> Iterator[tuple[str, Mapping[str, RuleSettings]]]:
    """Yield the globs that a file matches, with what they say."""
    for text, override in settings.overrides.items():
        if path_glob(text).fullmatch(path):
            yield text, override.rules


def said_anywhere(settings: Settings, rule: str) -> Iterator[RuleSettings]:
    """Yield what is said of a rule for all files, and for some."""
    yield settings.rules.get(rule, _NO_SETTINGS)
    for override in settings.overrides.values():
        if rule in override.rules:
            yield override.rules[rule]


def _over(below: Mapping[str, RuleSettings], rule: str, over: RuleSettings) -> RuleSettings:
    under = below.get(rule, _NO_SETTINGS)
    return RuleSettings(
        enabled=under.enabled if over.enabled is None else over.enabled,
        severity=under.severity if over.severity is None else over.severity,
        limits={**under.limits, **over.limits},
    )


# --- keys -------------------------------------------------------------------------------------


def wrong_rule(source: str, path: Steps, known: KnownRules | None) -> Problem | None:
    """Return what to say of a glob, a rule or a limit that there is not."""
    if path[0] == "overrides" and len(path) > 1:
        try:
            path_glob(path[1])
        except ValueError as error:
            name = written(path[:2])
            message = f"{source}: `{name}` is ignored: {error}."
            return Problem(WARNING, message, f"Correct or remove `{name}`.")
    at = _rule_step(path)
    if known is None or not 0 < at < len(path):
        return None
    rules = _meant(path[at], known)
    limit = path[at + 2] if path[at + 1 : at + 2] == ("limits",) else None
    having = [rule for rule in rules if limit is None or limit in known.limits[rule]]
    name = written(path)
    if having and limit is not None and path[0] == "overrides" and set(having) <= set(known.whole):
        same = written(("rules", path[at], limit))
        message = f"{source}: `{name}` is ignored, since {having[0]} looks at all files at once."
        return Problem(WARNING, message, f"Set `{same}` for all files.")
    if having:
        return None
    near = did_you_mean(path[at], known.limits)
    if rules:
        near = did_you_mean(str(limit), {one for rule in rules for one in known.limits[rule]})
    return Problem(
        WARNING, f"{source}: unknown key `{name}`.{near}", f"Correct or remove `{name}`."
    )


def spread(
    keys: Iterable[tuple[Steps, Any]], known: KnownRules | None
) -> Iterable[tuple[Steps, Any]]:
    """Return one layer's keys, those of a pattern such as `security-*` as those of its rules.

    Of several that speak of a rule the one wins that says most of its name.
    """
    found: dict[Steps, tuple[int, Any]] = {}
    for path, value in keys:
        at = _rule_step(path)
        if known is None or at < 0 or "*" not in path[at]:
            found[path] = _WHOLE_NAME, value
            continue
        said = len(path[at].replace("*", ""))
        for rule in _meant(path[at], known):
            one = (*path[:at], rule, *path[at + 1 :])
            if wrong_rule("", one, known) is None and found.get(one, (-1,))[0] <= said:
                found[one] = said, value
    return [(path, value) for path, (_, value) in found.items()]


def written(path: Steps) -> str:
    """Return a key as the user writes it: a rule's limits stand beside its other keys."""
    at = _rule_step(path)
    if at >= 0 and path[at + 1 : at + 2] == ("limits",):
        path = (*path[: at + 1], *path[at + 2 :])
    if path[0] == "overrides" and len(path) > 1:
        path = (path[0], shown(path[1]), *path[2:])
    return ".".join(path)


def _rule_step(path: Steps) -> int:
    """Return which step of a key is a rule's id, -1 where none is."""
    at = 3 if path[0] == "overrides" and path[2:3] == ("rules",) else 1
    return at if (at == 3 or path[0] == "rules") and len(path) > at else -1


def _meant(name: str, known: KnownRules) -> list[str]:
    return [rule for rule in known.limits if rule == name or fnmatchcase(rule, name)]
