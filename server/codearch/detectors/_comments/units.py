"""Units of time, size and share, by the words that name them."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Dimension = Literal["time", "size", "share"]


class Unit(NamedTuple):
    """A unit: how many of its dimension's smallest unit it is; several where usage differs."""

    dimension: Dimension
    factors: tuple[Fraction, ...]
    title: str


def _unit(dimension: Dimension, title: str, *factors: int | Fraction) -> Unit:
    return Unit(dimension, tuple(Fraction(each) for each in factors), title)


_SECOND = 10**9
_DAY = 86_400 * _SECOND
_WORDS = (
    (_unit("time", "nanoseconds", 1), "ns nsec nsecs nano nanos nanosecond nanoseconds"),
    (
        _unit("time", "microseconds", 10**3),
        "us µs μs usec usecs micro micros microsecond microseconds microsec microsecs",
    ),
    (
        _unit("time", "milliseconds", 10**6),
        "ms msec msecs milli millis millisecond milliseconds millisec millisecs",
    ),
    (_unit("time", "seconds", _SECOND), "s sec secs second seconds"),
    (_unit("time", "minutes", 60 * _SECOND), "min mins minute minutes"),
    (_unit("time", "hours", 3600 * _SECOND), "h hr hrs hour hours"),
    (_unit("time", "days", _DAY), "d day days"),
    (_unit("time", "weeks", 7 * _DAY), "week weeks"),
    (_unit("time", "months", *(each * _DAY for each in (28, 29, 30, 31))), "month months"),
    (
        _unit(
            "time",
            "years",
            *(each * _DAY for each in (360, 364, 365, 366)),
            Fraction(36525, 100) * _DAY,
        ),
        "year years",
    ),
    (_unit("size", "bits", Fraction(1, 8)), "bit bits"),
    (_unit("size", "bytes", 1), "b byte bytes"),
    (_unit("size", "kilobytes", 1024, 1000), "k kb kib kilobyte kilobytes kibibytes kbyte kbytes"),
    (
        _unit("size", "megabytes", 1024**2, 1000**2, 1024 * 1000),
        "m mb mib meg megs megabyte megabytes mebibytes mbyte mbytes",
    ),
    (
        _unit("size", "gigabytes", 1024**3, 1000**3),
        "g gb gib gig gigs gigabyte gigabytes gibibytes gbyte gbytes",
    ),
    (_unit("size", "terabytes", 1024**4, 1000**4), "tb tib terabyte terabytes"),
    (_unit("share", "percent", Fraction(1, 100)), "% percent"),
    (_unit("share", "as a fraction", 1), "fraction"),
)
UNITS = {word: unit for unit, words in _WORDS for word in words.split()}
OF_DIMENSION: dict[Dimension, tuple[Unit, ...]] = {
    dimension: tuple(unit for unit, _ in _WORDS if unit.dimension == dimension)
    for dimension in ("time", "size", "share")
}
