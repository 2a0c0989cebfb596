"""How a comment speaks of a number: as that of the code beside it, or as another one."""

from __future__ import annotations

import re

from codearch.languages._language import kinds
from codearch.text import split_identifier

# Before the number a comment about the code beside it says these, and words of its names.
_LEAD = kinds(
    """the a an is are be of to for in by set use we it its it's this default defaults max
    maximum min minimum most least up about around approximately approx roughly wait waits sleep
    sleeps pause delay timeout time times out expire expires expired after every ttl interval
    duration limit limited buffer chunk chunks size cache cached keep keeps valid poll retry refresh
    lifetime period just let's then only i.e i.e. equals total block file memory threshold always
    under over older newer old within than more less if has been run runs takes take hard soft
    currently and value that with allow allowed amount how long"""
)
_WORD = re.compile(r"[A-Za-z][\w.']*")
_AT_MOST = re.compile(r"\bat (?=most|least|max)", re.IGNORECASE)
_MARKS = re.compile(r"[\s=~≈<>≤≥:(,*+.`'\"-]*")
_COMPARED = re.compile(r"\b(?:than|more|less|if|within|least|longer|shorter|old)\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"""\b(?:was|were|previous(?:ly)?|used[ ]to|instead|old|original(?:ly)?|former(?:ly)?|than|not
    |too|except|minus|plus|extra|each|per|otherwise|e\.?g|example|assum\w+|if|unless|when|while
    |slightly|half|twice|double|but|until|should|would|could|might|may|never|within|remaining|left
    |ago|since|from|between|first|last|next|another|recommended|divided|times|multipl\w+|factor|rest
    |more|less|longer|shorter|least|almost|nearly)\b
    |n't\b|\b(?:times|x)\s|[/*+]\s|\bup\s+to\b|[<>≤≥]|%[sd]""",
    re.VERBOSE | re.IGNORECASE,
)


def leads(text: str, owner: str) -> bool:
    """Say whether words before a number say no more than that it is the owner's."""
    if _MARKS.fullmatch(_WORD.sub("", text)) is None:
        return False
    known = {*_LEAD, *words_of(owner), owner.lower()}
    text = _AT_MOST.sub("", text)
    words = (each.group().lower().rstrip(".") for each in _WORD.finditer(text))
    return all(word in known or word.removesuffix("s") in known for word in words)


def speaks_of_another(text: str, *, compared: bool) -> bool:
    """Say whether words around a number say that another one than the code's may be meant."""
    return _ANOTHER.search(_COMPARED.sub("", text) if compared else text) is not None


def words_of(name: str) -> list[str]:
    """Return the words of a name's last part, in small letters."""
    last = re.split(r"\.|::|->", name)[-1]
    return [word.lower() for word in split_identifier(last)]
