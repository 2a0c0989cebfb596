"""Licences by their own texts, and by the sentences with which a file's header grants them."""

from __future__ import annotations

import re

from codearch.detectors._licences.spdx import Expression, Licence, parse

_HEAD = 2500  # characters of a licence's text in which it says what it is
_TEXTS = (  # the first that is found in the beginning of a text, white space normalised
    (r"gnu affero general public license version 3", "AGPL-3.0-or-later"),
    (r"gnu lesser general public license version 3", "LGPL-3.0-or-later"),
    (r"gnu lesser general public license version 2", "LGPL-2.1-or-later"),
    (r"gnu library general public license version 2", "LGPL-2.0-or-later"),
    (r"gnu general public license version 3", "GPL-3.0-or-later"),
    (r"gnu general public license version 2", "GPL-2.0-or-later"),
    (r"server side public license version 1", "SSPL-1.0"),
    (r"business source license 1\.1", "BUSL-1.1"),
    (r"elastic license 2\.0", "Elastic-2.0"),
    (r"apache license,? version 2\.0", "Apache-2.0"),
    (r"mozilla public license,? version 2\.0", "MPL-2.0"),
    (r"eclipse public license - v 1\.0", "EPL-1.0"),
    (r"eclipse public license - v 2\.0", "EPL-2.0"),
    (r"common development and distribution license", "CDDL-1.0"),
    (r"boost software license - version 1\.0", "BSL-1.0"),
    (r"this is free and unencumbered software released into the public domain", "Unlicense"),
    (r"cc0 1\.0 universal", "CC0-1.0"),
    (r"permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
    (r"permission to use, copy, modify,? and(?:/or)? distribute this software for any purpose",
     "ISC"),
    (r"redistribution and use in source and binary forms(?=.*neither the name)", "BSD-3-Clause"),
    (r"redistribution and use in source and binary forms", "BSD-2-Clause"),
)  # fmt: skip
_BY_TEXT = [(re.compile(pattern), Licence(name)) for pattern, name in _TEXTS]
_EXCEPTION = re.compile(
    r"as a special exception(?!, the source code distributed)|linking exception"
    r"|classpath.? exception|unlimited permission to link|runtime library exception"
)
_SPDX = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n*]+?)[ \t]*(?:\*/|-->|$)", re.MULTILINE)
_UNDER = (
    r"(?:under|subject to)(?: either of)?(?: the)?(?: terms and conditions| terms| provisions"
    r"| conditions)?(?: of)?(?: the)? "
)
_GRANTS = (
    (r"gnu affero general public license", "AGPL-3.0"),
    (r"gnu (?:lesser|library) general public license", "LGPL"),
    (r"gnu general public license", "GPL"),
    (r"apache license,? (?:version )?2\.0", "Apache-2.0"),
    (r"mozilla public license,? (?:v\.? ?|version )?2\.0", "MPL-2.0"),
    (r"eclipse public license,? (?:v\.? ?|version )?1\.0", "EPL-1.0"),
    (r"common development and distribution license", "CDDL-1.0"),
    (r"server side public license", "SSPL-1.0"),
    (r"business source license", "BUSL-1.1"),
    (r"mit license", "MIT"),
    (r"(?:new |modified |3-clause )?bsd(?:-style)? license", "BSD-3-Clause"),
)
_BY_GRANT = [(re.compile(_UNDER + pattern), name) for pattern, name in _GRANTS]
_VERSION = re.compile(r"version (\d)(?:\.\d)?|v(\d)\b")
_LATER = re.compile(r"any later version|or later")


def of_text(text: str) -> Licence | None:
    """Return the licence whose text this is, with the exception that it grants, if any."""
    lowered = _plain(text)
    head = lowered[:_HEAD]
    for pattern, licence in _BY_TEXT:
        if pattern.search(head if "neither" not in pattern.pattern else lowered[: 2 * _HEAD]):
            exception = "exception" if _EXCEPTION.search(lowered) else ""
            return licence._replace(exception=exception)
    return None


def held_in(text: str) -> set[str]:
    """Return the ids of all licences whose text is somewhere in this one."""
    lowered = _plain(text)
    return {licence.id for pattern, licence in _BY_TEXT if pattern.search(lowered)}


def of_header(header: str) -> Expression:
    """Return the licences that a file's header grants; () where it grants none."""
    marked = _SPDX.findall(header)
    if marked:
        return parse(marked[0]) if len(set(marked)) == 1 else ()
    lowered = _plain(header)
    exception = "exception" if _EXCEPTION.search(lowered) else ""
    found = []
    for pattern, name in _BY_GRANT:
        if pattern.search(lowered):
            found.append(Licence(_with_version(name, lowered), exception))
    if not found:
        text = of_text(header)
        found = [text] if text else []
    return tuple((each,) for each in found)  # several ones are for who gets it to choose from


def _with_version(name: str, text: str) -> str:
    if name not in {"AGPL-3.0", "LGPL", "GPL"}:
        return name
    later = "or-later" if _LATER.search(text) else "only"
    if name == "AGPL-3.0":
        return f"{name}-{later}"
    match = _VERSION.search(text)
    version = (match[1] or match[2]) if match else "2"
    if match is None:
        later = "or-later"  # without a version, any one may be chosen
    own = {"2": "2.1" if name == "LGPL" else "2.0"}.get(version, f"{version}.0")
    return f"{name}-{own}-{later}"


def _plain(text: str) -> str:
    """Return the words of a text in small letters, without marks of comments."""
    return " ".join(
        re.sub(r"^[ \t]*(?:/\*+|\*+/?|//+|#+|;+|--)|\"{3}", " ", text, flags=re.MULTILINE)
        .lower()
        .split()
    )
