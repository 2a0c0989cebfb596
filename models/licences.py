"""Which files a corpus of permissive licences must leave out, though their package is permissive.

A package declares one licence and may still hold files under another: a stemmer that was taken
over, a tool beside a library. A file's own head decides, then the licence file of its folder.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from extract import SUFFIXES

HEAD = 4_000  # bytes in which a file says under which terms it stands
TITLE = 400  # bytes in which a licence file says which licence it is

COPYLEFT = re.compile(
    r"GNU (Lesser |Library |Affero )?General Public|\b[AL]?GPL-[123]|\bL?GPL ?v?[23]\b|"
    r"Mozilla Public License|\bMPL[- ]?[12]|Eclipse Public License|\bEPL-[12]|"
    r"Common Development and Distribution|\bCDDL-1|CeCILL|\bEUPL\b|Server Side Public|\bOSL-3|"
    r"Business Source License|CC[- ]BY[- ](NC|SA|ND)|"
    r"Attribution-?\s?(Non-?Commercial|Share-?Alike|NoDeriv)",
    re.IGNORECASE,
)
CHOICE = re.compile(
    r"dual[- ]licen[sc]ed|alternatively|at your (choice|option),? (of|under|either|the)\b|"
    r"either of the following|under either|either the (GNU|GPL|BSD|MIT|Apache)|"
    r"under both the GPLv2|your choice of",
    re.IGNORECASE,
)
PERMISSIVE = re.compile(
    r"Apache License|Apache 2\.0|\bMIT\b|\bBSD\b|Redistribution and use in source and binary|"
    r"Permission is hereby granted|Boost Software License|\bISC\b|zlib license",
    re.IGNORECASE,
)
SPDX = re.compile(r"SPDX-License-Identifier:\s*([^\n*]+)")
LICENCE_FILE = re.compile(r"(?i)^(licen[cs]e|copying|unlicense)")


def permissive(content: bytes) -> bool:
    """Tell whether a file may be used under permissive terms, as far as its head says.

    An SPDX expression decides alone. Otherwise a head that names a copyleft licence must offer a
    permissive one instead of it; one that says nothing stands under its package's licence.
    """
    text = content[:HEAD].decode("utf-8", "replace")
    stated = SPDX.search(text)
    if stated:
        terms = re.split(r"(?i)\sOR\s", stated.group(1))
        return any(not COPYLEFT.search(term) for term in terms)
    head = re.sub(r"[\s*#/]+", " ", text)
    return not COPYLEFT.search(head) or bool(CHOICE.search(head) and PERMISSIVE.search(head))


def is_licence_file(name: str) -> bool:
    """Tell whether a path names a licence's text."""
    path = PurePosixPath(name)
    return bool(LICENCE_FILE.match(path.name)) and path.suffix not in SUFFIXES


def copyleft_folders(licence_files: dict[str, bytes]) -> frozenset[str]:
    """Return the folders below the package's own whose every licence file is a copyleft one.

    The package's top folder is left to what the package declares: many put both texts of a choice
    there.
    """
    permits: dict[str, bool] = {}
    for name, content in licence_files.items():
        title = " ".join(content[:TITLE].decode("utf-8", "replace").split())
        folder = str(PurePosixPath(name).parent)
        permits[folder] = permits.get(folder, False) or not COPYLEFT.search(title)
    return frozenset(folder for folder, permit in permits.items() if not permit and folder != ".")


def inside(name: str, folders: frozenset[str]) -> bool:
    """Tell whether a path lies in one of these folders."""
    return any(str(folder) in folders for folder in PurePosixPath(name).parents)
