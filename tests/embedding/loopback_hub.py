"""A hub on the loopback interface that speaks the real one's protocol, and can be made to fail.

Listings come from `/api/models/<repository>/tree/<revision>`. Files come from
`/<repository>/resolve/<revision>/<path>`: small ones at once, large ones by a redirect to another
path, as from the hub to its servers of large files, with `x-linked-etag`, `x-linked-size` and
`x-repo-commit` on the redirect alone, and ranges, `If-Range` and another ETag behind it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = 10_000  # bytes from which a file is held as the hub holds large files


@dataclass(frozen=True)
class Cut:
    """Say that all of it comes, and close the connection after so many bytes."""

    after: int


@dataclass(frozen=True)
class Status:
    """Answer nothing but this."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Corrupt:
    """Send as many bytes as there are, of which one is wrong."""


@dataclass(frozen=True)
class Hang:
    """Answer nothing at all."""


@dataclass(frozen=True)
class Plain:
    """Answer without ranges: all of it, with 200."""


@dataclass(frozen=True)
class Redirect:
    """Send elsewhere."""

    location: str


Fault = Cut | Status | Corrupt | Hang | Plain | Redirect


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    kind: str  # "tree", or "resolve NAME", or "large NAME"
    target: str
    headers: dict[str, str]


class LoopbackHub:
    """One repository on a hub; `faults` are what happens to the next requests of a kind."""

    def __init__(self, repository: str, revision: str, files: dict[str, bytes]) -> None:
        self.repository = repository
        self.revision = revision
        self.files = dict(files)
        self.extra_entries: list[dict[str, Any]] = []
        self.faults: dict[str, list[Fault]] = {}
        self.asked: list[Asked] = []
        self.marks: dict[str, str] = {}  # of large files; another one than the checksum
        self.sent = 0
        self.over = threading.Event()
        self.server: ThreadingHTTPServer | None = None

    @property
    def endpoint(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def host(self) -> str:
        return self.endpoint.removeprefix("http://")

    def kinds(self) -> list[str]:
        return [one.kind for one in self.asked]

    def of_kind(self, kind: str) -> list[Asked]:
        return [one for one in self.asked if one.kind == kind]

    def listing(self) -> list[dict[str, Any]]:
        return [*(self._entry(path) for path in sorted(self.files)), *self.extra_entries]

    def _entry(self, path: str) -> dict[str, Any]:
        content = self.files[path]
        if len(content) < LARGE:
            return {"type": "file", "path": path, "size": len(content), "oid": git_sha1(content)}
        large = {"oid": sha256(content), "size": len(content), "pointerSize": 134}
        pointer = git_sha1(b"version https://git-lfs.github.com/spec/v1\n")
        return {"type": "file", "path": path, "size": len(content), "oid": pointer, "lfs": large}

    def mark(self, path: str) -> str:
        return self.marks.get(path, f'"{hashlib.md5(self.files[path]).hexdigest()}-3"')


@contextlib.contextmanager
def serving(hub: LoopbackHub) -> Iterator[LoopbackHub]:
    """Run a hub until the block ends."""

    class Handler(_Handler):
        loopback = hub

    hub.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=hub.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.over.set()
        hub.server.shutdown()
        hub.server.server_close()
        thread.join()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    loopback: LoopbackHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        hub = self.loopback
        path = unquote(urlsplit(self.path).path)  # a proxy is given the whole address
        tree = f"/api/models/{hub.repository}/tree/{hub.revision}"
        resolve = f"/{hub.repository}/resolve/{hub.revision}/"
        if path == tree:
            self._answer("tree", json.dumps(hub.listing()).encode(), None)
        elif path.startswith(resolve) and (name := path.removeprefix(resolve)) in hub.files:
            self._resolve(name)
        elif path.startswith("/large/") and (name := path.removeprefix("/large/")) in hub.files:
            self._answer(f"large {name}", hub.files[name], hub.mark(name))
        else:
            hub.asked.append(Asked("unknown", self.path, dict(self.headers)))
            code = "RepoNotFound" if path.startswith("/api") else "EntryNotFound"
            self._send(404, b"", {"X-Error-Code": code, "X-Error-Message": "Repository not found"})

    def do_CONNECT(self) -> None:
        """Open no tunnel: what a proxy answers then is all that is wanted here."""
        if not self._failed(self._next_fault("connect")):
            self._send(502, b"", {})

    def _resolve(self, name: str) -> None:
        hub, content = self.loopback, self.loopback.files[name]
        if len(content) < LARGE:
            self._answer(f"resolve {name}", content, f'"{git_sha1(content)}"')
            return
        linked = {
            "X-Linked-Etag": f'"{sha256(content)}"',
            "X-Linked-Size": str(len(content)),
            "X-Repo-Commit": hub.revision,
            "Location": f"/large/{name}",
        }
        fault = self._next_fault(f"resolve {name}")
        if not self._failed(fault):
            self._send(302, b"", linked)

    def _next_fault(self, kind: str) -> Fault | None:
        self.loopback.asked.append(Asked(kind, self.path, dict(self.headers)))
        waiting = self.loopback.faults.get(kind, [])
        return waiting.pop(0) if waiting else None

    def _failed(self, fault: Fault | None) -> bool:
        """Do what a fault says where it is the whole answer."""
        match fault:
            case Status(code, headers):
                self._send(code, b"", headers)
            case Redirect(location):
                self._send(302, b"", {"Location": location})
            case Hang():
                self.loopback.over.wait()
                self.close_connection = True
            case _:
                return False
        return True

    def _answer(self, kind: str, content: bytes, mark: str | None) -> None:
        fault = self._next_fault(kind)
        if self._failed(fault):
            return
        status, start, headers = 200, 0, {"Accept-Ranges": "bytes"}
        if mark is not None:
            headers["ETag"] = mark
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range") in (None, mark)
        if wanted is not None and same and not isinstance(fault, Plain):
            start = int(wanted[1])
            if start >= len(content):
                self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        if isinstance(fault, Corrupt):
            body = bytes([body[0] ^ 1]) + body[1:]
        self._send(status, body, headers, cut=fault.after if isinstance(fault, Cut) else None)

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        sent = body[:cut]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(sent)
        self.loopback.sent += len(sent)
        self.close_connection = True
