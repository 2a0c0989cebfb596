"""Exceptions of which it is certain that a function does not raise them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.bodies import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from codearch.detectors._detector import FileView

# Java's checked exceptions and what they are: who throws one must declare it or one of these.
_IO = ("IOException",)
_REFLECTIVE = ("ReflectiveOperationException",)
_SECURITY = ("GeneralSecurityException",)
_KEY = ("KeyException", "GeneralSecurityException")
_CHECKED: Mapping[str, tuple[str, ...]] = {
    "IOException": (),
    "FileNotFoundException": _IO,
    "EOFException": _IO,
    "MalformedURLException": _IO,
    "UnknownHostException": _IO,
    "SocketException": _IO,
    "ConnectException": (*_IO, "SocketException"),
    "SocketTimeoutException": _IO,
    "UnsupportedEncodingException": _IO,
    "CharacterCodingException": _IO,
    "ClosedChannelException": _IO,
    "NoSuchFileException": (*_IO, "FileSystemException"),
    "FileSystemException": _IO,
    "SSLException": _IO,
    "ZipException": _IO,
    "RemoteException": _IO,
    "SQLException": (),
    "SQLTimeoutException": ("SQLException",),
    "InterruptedException": (),
    "TimeoutException": (),
    "ExecutionException": (),
    "CloneNotSupportedException": (),
    "URISyntaxException": (),
    "ParseException": (),
    "ReflectiveOperationException": (),
    "ClassNotFoundException": _REFLECTIVE,
    "InstantiationException": _REFLECTIVE,
    "IllegalAccessException": _REFLECTIVE,
    "InvocationTargetException": _REFLECTIVE,
    "NoSuchMethodException": _REFLECTIVE,
    "NoSuchFieldException": _REFLECTIVE,
    "GeneralSecurityException": (),
    "NoSuchAlgorithmException": _SECURITY,
    "NoSuchPaddingException": _SECURITY,
    "InvalidKeyException": _KEY,
    "InvalidKeySpecException": _SECURITY,
    "KeyStoreException": _SECURITY,
    "CertificateException": _SECURITY,
    "UnrecoverableKeyException": _SECURITY,
    "ParserConfigurationException": (),
    "SAXException": (),
    "TransformerException": (),
    "XPathExpressionException": (),
    "NamingException": (),
    "PropertyVetoException": (),
    "ScriptException": (),
}
_ALL = frozenset({"Exception", "Throwable"})
_THROWS = re.compile(r"\)\s*throws\s+([^{;]+)$")
_NOEXCEPT = re.compile(r"\)[^{;)]*\bnoexcept\b(?!\s*\()|\bnoexcept\s*\(\s*true\s*\)")
_HANDS_ON = re.compile(rb"[\s{\"]*return\s+[\w.]+\s*;?[\s}]*")
_PLAIN_TYPE = re.compile(
    r"(?:[iu](?:8|16|32|64|128|size)|f32|f64|bool|char|&?(?:'\w+\s+)?str|String|\(\))?$"
)
_MAY_RAISE = re.compile(
    rb"\b(?:raise|throw|assert|await|yield|with|for|new|import|del|checked|require)\b|[\[/%]|\bin\b"
)


def _undeclared(file: FileView, index: int, exception: str) -> str:
    symbol = file.facts.symbols[index]
    name = exception.rpartition(".")[2]
    if name not in _CHECKED or any("SneakyThrows" in each for each in symbol.decorators):
        return ""
    clause = _THROWS.search(symbol.signature)
    declared = (
        [each.strip().rpartition(".")[2] for each in clause.group(1).split(",")] if clause else []
    )
    if any(each in _ALL or each not in _CHECKED for each in declared):
        return ""
    if any(each == name or each in _CHECKED[name] or name in _CHECKED[each] for each in declared):
        return ""
    return "a checked exception that it does not declare"


def _forbidden(file: FileView, index: int, _exception: str) -> str:
    return "it is `noexcept`" if _NOEXCEPT.search(file.facts.symbols[index].signature) else ""


def _infallible(file: FileView, index: int, _exception: str) -> str:
    declared = file.facts.symbols[index].returns
    if not _PLAIN_TYPE.fullmatch(declared.strip()):
        return ""
    return f"it returns `{declared}`" if declared else "it returns nothing"


def _harmless(file: FileView, index: int, _exception: str) -> str:
    """Say whether a body does nothing that could raise: no call, no item, no loop, no division."""
    symbol = file.facts.symbols[index]
    if symbol.metrics is None:
        return ""
    start, end = symbol.body_byte, symbol.span.end_byte
    if any(
        start <= each.span.start_byte < end and each.kind != "reference"
        for each in file.facts.calls
    ):
        return ""
    code = code_of(file, index)
    if code is None or _MAY_RAISE.search(code) or not re.search(rb"\breturn\b\s*\w|=", code):
        return ""
    if symbol.kind == "method" and _HANDS_ON.fullmatch(code):
        return ""  # a hook: what others put in its place may
    return "nothing in it can raise"


_CHECKS: Mapping[str, Callable[[FileView, int, str], str]] = {
    "java": _undeclared,
    "cpp": _forbidden,
    "rust": _infallible,
    "python": _harmless,
    "javascript": _harmless,
    "typescript": _harmless,
}


def not_raised(file: FileView, index: int, exception: str) -> str:
    """Return why a function certainly does not raise what its docs say; else ""."""
    check = _CHECKS.get(file.facts.language)
    return check(file, index, exception) if check else ""
