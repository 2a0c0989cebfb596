"""Which licences go into a work that is passed on under another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.languages._language import kinds

if TYPE_CHECKING:
    from codearch.detectors._licences.spdx import Expression, Licence

_PERMISSIVE = kinds(
    """MIT MIT-0 BSD-2-Clause BSD-3-Clause BSD-4-Clause 0BSD ISC Zlib X11 NCSA PostgreSQL BSL-1.0
    Unlicense CC0-1.0 WTFPL PSF-2.0 Python-2.0 BlueOak-1.0.0 Unicode-DFS-2016 Unicode-3.0 Apache-2.0
    Apache-1.1 Artistic-2.0"""
)
_GPL_2 = kinds("GPL-2.0-only GPL-2.0-or-later")
_GPL_3 = kinds("GPL-3.0-only GPL-3.0-or-later")
_AGPL = kinds("AGPL-3.0-only AGPL-3.0-or-later")
_LGPL = kinds(
    """LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only
    LGPL-3.0-or-later"""
)
_WEAK = kinds("MPL-2.0 MPL-1.1 EPL-1.0 EPL-2.0 CDDL-1.0 CDDL-1.1")
_OWN_TERMS = kinds("LicenseRef-proprietary")
_NO_FREE_USE = kinds(
    """SSPL-1.0 BUSL-1.1 Elastic-2.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-3.0
    CC-BY-NC-SA-3.0 PolyForm-Noncommercial-1.0.0"""
)
_OTHERS = _PERMISSIVE | _LGPL | _WEAK | _OWN_TERMS
_COPYLEFT = _GPL_2 | _GPL_3 | _AGPL

# What cannot be passed on as part of a work under any of these. What a row does not name goes
# together, or nobody knows: only what is certain is a conflict.
_CONFLICTS: dict[str, frozenset[str]] = {
    "GPL-2.0-only": _OTHERS | _GPL_3 | _AGPL,
    "GPL-2.0-or-later": _OTHERS,
    **dict.fromkeys(_GPL_3, _OTHERS | {"GPL-2.0-only"}),
    **dict.fromkeys(_AGPL, _OTHERS | _GPL_2),
    "Apache-2.0": frozenset({"GPL-2.0-only"}),
    **dict.fromkeys(("EPL-1.0", "CDDL-1.0", "CDDL-1.1", "BSD-4-Clause"), _COPYLEFT),
    **dict.fromkeys(_NO_FREE_USE, _PERMISSIVE | _LGPL | _WEAK | _COPYLEFT),
}


def conflict(part: Expression, whole: Expression) -> Licence | None:
    """Return the licence of a part that no licence of the whole allows; None if one may do.

    Who offers several licences lets others choose, so one that fits is enough on either side.
    """
    found = None
    for own in whole:
        for choice in part:
            against = next((each for each in choice if _is_against(each, own)), None)
            if against is None:
                return None
            found = found or against
    return found


def reason(licence: Licence, whole: str) -> str:
    """Say why what is passed on under a licence cannot contain a part under this one."""
    if licence.id in _COPYLEFT:
        return f"what contains it can be passed on under {licence} alone, and not under {whole}"
    if licence.id in _NO_FREE_USE:
        return f"it restricts who may use it and for what, which {whole} does not"
    return f"it asks for more than {whole} allows to ask for"


def _is_against(licence: Licence, own: tuple[Licence, ...]) -> bool:
    if licence.exception:  # it allows what the licence alone would not
        return False
    return any(each.id in _CONFLICTS.get(licence.id, ()) and not each.exception for each in own)
