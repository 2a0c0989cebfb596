"""Namespaces of C#'s library of which nothing stands in a file: no type, no extension method.

Only those are known here whose types and extension methods share few words; of all others it
takes a compiler to say that nothing of them is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import Import, ImportedName

# Of each namespace the words of which one stands in every name that it has to give, .NET 10's too.
_WORDS = {
    "System.Collections": "ArrayList BitArray Hash Enumer Collection List Dictionary Queue Stack"
    " Compar Structural",
    "System.Collections.Concurrent": "Concurrent Partition Blocking ProducerConsumer",
    "System.Collections.Generic": "List Dictionary Set Queue Stack Enumer Collection KeyValue"
    " Compar KeyNotFound GetValueOrDefault TryAdd AsReadOnly AddRange InsertRange CopyTo Remove",
    "System.Collections.ObjectModel": "Collection ReadOnly",
    "System.Collections.Specialized": "Collection Dictionary BitVector Enumerator",
    "System.Globalization": "Culture Calendar Styles FormatInfo RegionInfo TextInfo Compare Unicode"
    " StringInfo TextElement IdnMapping SortKey SortVersion DigitShapes DaylightTime ISOWeek"
    " Globalization GetStringComparer",
    "System.IO.Compression": "Compress Zip ZLib Zstandard Brotli Deflate ExtractTo CreateEntry",
    "System.IO.Pipes": "Pipe HandleInheritability AccessControl",
    "System.Text": "Encod Decod ASCII Ascii StringBuilder SpanLine Rune Normalization"
    " CompositeFormat GetBytes GetChars GetString Convert",
    "System.Text.Json": "Json Serialize Deserialize",
    "System.Text.RegularExpressions": "Regex Match Group Capture",
    "System.Threading.Channels": "Channel",
    "System.Threading.Tasks": "Task Parallel ConfigureAwait WithCancellation ToBlockingEnumerable"
    " Unwrap Unobserved ConcurrentExclusive",
    "System.Timers": "Timer Elapsed",
}
_BY_NAMESPACE = {
    namespace: re.compile("|".join(words.split()).encode()) for namespace, words in _WORDS.items()
}


def unused_namespaces(file: FileView) -> Iterator[tuple[Import, ImportedName]]:
    """Yield each `using` of a namespace of which no word stands in the file, comments and all."""
    if file.facts.language != "csharp" or file.facts.errors:
        return
    for each in file.facts.imports:
        words = _BY_NAMESPACE.get(each.module)
        if words is None or each.kind != "using" or each.reexport or each.guarded:
            continue
        if each.names[0].name == "*" and not _stands(file, words):
            yield each, each.names[0]


def _stands(file: FileView, words: re.Pattern[bytes]) -> bool:
    """Say whether one of the words stands anywhere but in the imports themselves."""
    spans = [each.span for each in file.facts.imports]
    return any(
        not any(span.start_byte <= found.start() < span.end_byte for span in spans)
        for found in words.finditer(file.source)
    )
