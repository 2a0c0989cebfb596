"""Regular expressions that come with a workspace: only such as end soon, whatever they meet.

Python's own take time that doubles with each character where a repeat repeats what repeats, and
nothing can interrupt them.
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 200  # of a text that is compared
_MOST_ENDLESS = 3  # repeats, and the time grows with this power of the text
_MOST_CHOICES = 6  # repeats, options and alternatives
_TOKEN = re.compile(
    r"(?P<escaped>\\.)"
    r"|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<opened>\((?:\?(?:P<\w+>|P=\w+|#[^)]*|<?[=!]|[aiLmsux-]*:?|>))?)"
    r"|(?P<closed>\))"
    r"|(?P<either>\|)"
    r"|(?P<endless>[*+]|\{\d*,?\d*\})(?P<manner>[?+]?)"
    r"|(?P<option>\?)[?+]?"
    r"|.",
    re.DOTALL,
)


def why_slow(expression: str) -> str:
    """Say why an expression could take for ever; "" where it cannot."""
    groups = [False]  # whether each group that is open can match in more than one way
    many = False  # whether what stands before can
    endless = choices = 0
    for token in _TOKEN.finditer(expression):
        kind = token.lastgroup if token.lastgroup != "manner" else "endless"
        if kind == "opened":
            groups.append(False)
        elif kind == "closed" and len(groups) > 1:
            many = groups.pop()
            groups[-1] |= many
            continue
        elif kind in {"endless", "option", "either"}:
            if kind == "endless" and many:
                return "it repeats what repeats, or has alternatives"
            endless += kind == "endless"
            choices += kind != "either" or not groups[-1]
            groups[-1] = True
        many = False
    if endless > _MOST_ENDLESS:
        return f"it has more than {_MOST_ENDLESS} repeats"
    return f"it has more than {_MOST_CHOICES} choices" if choices > _MOST_CHOICES else ""


def found_in(expression: str, text: str) -> bool:
    """Say whether an expression is found in a text; in a long text none is."""
    return len(text) <= MOST_CHARACTERS and re.search(expression, text) is not None
