"""GET requests to a hub and to where it sends them, with every failure told apart in one place.

Nothing but the names of files is sent. Redirects are followed by hand: what the hub says of a file
stands in the headers of the redirect, not in those of the answer.
"""

from __future__ import annotations

import contextlib
import ssl
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import urllib3
from urllib3 import exceptions as faults

from codearch import __version__
from codearch.embedding.hub.breaker import MOST_FAILURES, Host, Hosts
from codearch.embedding.hub.patience import (
    LONGEST_ASKED_SECONDS,
    Clock,
    clock_time,
    pause,
    retry_after,
)
from codearch.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

HUB = "https://huggingface.co"
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
MOST_REDIRECTS = 5
CHUNK = 1 << 18
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # may be better the next time
LINKED = ("x-linked-etag", "x-linked-size", "x-repo-commit")


class Fault(Exception):  # noqa: N818 - it is asked again; ModelError is what ends it
    """A request that may do better the next time; `wait` in seconds if the host named a time."""

    def __init__(self, host: str, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.host = host
        self.message = message
        self.wait = wait
        self.progressed = False  # whether it brought something before it failed


@dataclass(frozen=True)
class Answer:
    """What a host answered: `linked` is what the hub said of the file on the way to it."""

    host: str
    status: int
    headers: Mapping[str, str]
    linked: Mapping[str, str]
    _response: urllib3.BaseHTTPResponse = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in pieces as they come; raises Fault where it breaks off.

        `read1` and not `stream`, which loses what it has gathered when the connection breaks.
        """
        with _translated(self.host):
            while chunk := self._response.read1(CHUNK):
                yield chunk

    def body(self, most: int) -> bytes:
        """Return the body; raises ModelError where it is longer than `most` bytes."""
        found = bytearray()
        for chunk in self.chunks():
            found += chunk
            if len(found) > most:
                message = f"The answer of {self.host} is much longer than it should be."
                raise ModelError(message)
        return bytes(found)


class Hub:
    """A hub at an address. `mend` is what a user can do where it is of no use.

    A name and a password in the address are for its host alone, and are shown nowhere.
    """

    def __init__(
        self,
        endpoint: str,
        hosts: Hosts,
        *,
        mend: str = "",
        clock: Clock | None = None,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self.endpoint, self._key = _apart(endpoint.rstrip("/"))
        self.clock = clock or Clock()
        self.timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        self._hosts = hosts
        self._mend = mend
        self._say = say
        self._pools: dict[str, urllib3.PoolManager] = {}

    @property
    def host(self) -> str:
        """Return the host of the address."""
        return _host(self.endpoint)

    def persist(self, ask: Callable[[], T]) -> T:
        """Return what `ask` gives, and ask again after each Fault, later and later.

        Raises ModelError after `MOST_FAILURES` in a row, or where the host wants a longer rest.
        """
        failures = 0
        while True:
            try:
                return ask()
            except Fault as fault:
                failures = 1 if fault.progressed else failures + 1
                seconds = self._failed(fault, failures)
                self._say(f"{fault.message} Trying again in {seconds:.0f} s.")
                self.clock.sleep(seconds)

    @contextlib.contextmanager
    def get(
        self, path: str, what: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[Answer]:
        """Open `path` of the hub, wherever it is sent from there; `what` names it in messages.

        Raises Fault where it may go better later, and ModelError where it will not.
        """
        url, linked = f"{self.endpoint}{path}", dict[str, str]()
        for _ in range(MOST_REDIRECTS):
            response = self._request(url, headers or {})
            with contextlib.closing(response):
                seen = {name.lower(): value for name, value in response.headers.items()}
                linked |= {name: seen[name] for name in LINKED if name in seen}
                if response.status not in REDIRECTS:
                    self._judge(_host(url), what, response.status, seen)
                    yield Answer(_host(url), response.status, seen, linked, response)
                    return
                self._hosts.answered(_host(url))
                url = onward(url, seen.get("location", ""))
        message = f"{self.host} sends from one address to the next without end."
        raise ModelError(message, mend=self._mend)

    def answered(self, host: str) -> None:
        """Note that a host does what it should."""
        self._hosts.answered(host)

    # --- inside ------------------------------------------------------------------------------

    def _request(self, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        proxy = _proxy(url)
        host, gate = _host(url), _host(proxy)
        resting = self._hosts.resting(self.clock.now())
        for name in (gate, host):
            if name in resting:
                self._give_up(f"{name} has failed too often", resting[name])
        sent = {
            "User-Agent": f"codearch/{__version__}",
            "Accept-Encoding": "identity",  # sizes, ranges and checksums are of the file itself
            **(self._key if host == self.host else {}),
            **headers,
        }
        try:
            with _translated(host, gate):
                response = self._pool(proxy).request(
                    "GET",
                    url,
                    headers=sent,
                    preload_content=False,
                    redirect=False,
                    retries=False,
                    timeout=self.timeout,
                )
            if gate:
                self._hosts.answered(gate)
            return response
        except ModelError as error:
            raise ModelError(error.message, mend=error.mend or self._mend) from error

    def _pool(self, proxy: str) -> urllib3.PoolManager:
        """Return the connections that go direct, or through a proxy."""
        if proxy not in self._pools:
            self._pools[proxy] = _connections(proxy)
        return self._pools[proxy]

    def _judge(self, host: str, what: str, status: int, headers: Mapping[str, str]) -> None:
        """Raise what an answer means that is none."""
        if status in (200, 206, 416):
            return
        if status in PASSING:
            wait = retry_after(headers.get("retry-after", ""), self.clock.now())
            complaint = "is asked too often (429)" if status == 429 else f"fails ({status})"
            raise Fault(host, f"{host} {complaint}.", wait)
        self._hosts.answered(host)
        said = headers.get("x-error-message", "").strip()
        if status == 407:
            raise _wants_a_password(_host(_proxy(self.endpoint)))
        if headers.get("x-error-code") == "RepoNotFound" or status in (404, 410):
            message = f"{host} has no {what} ({status}). {said}".strip()
        elif status in (401, 403):
            message = f"{host} does not give {what} to everybody ({status}). {said}".strip()
        else:
            message = f"{host} answers {status} when asked for {what}. {said}".strip()
        raise ModelError(message, mend=self._mend)

    def _failed(self, fault: Fault, failures: int) -> float:
        """Return how long to wait after a failure; raises ModelError where that is no use."""
        now = self.clock.now()
        if fault.wait is not None and fault.wait > LONGEST_ASKED_SECONDS:
            host = self._hosts.told_to_wait(fault.host, now + fault.wait)
            self._give_up(fault.message, host)
        if fault.wait is None:  # a host that says when to come back is well
            host = self._hosts.failed(fault.host, now)
            if host.rests_until > now:
                self._give_up(fault.message, host)
        if failures >= MOST_FAILURES:
            raise ModelError(fault.message, mend=self._mend)
        return fault.wait if fault.wait is not None else pause(failures, self.clock.chance())

    def _give_up(self, message: str, host: Host) -> NoReturn:
        until = clock_time(host.rests_until, self.clock.now())
        text = f"{message.rstrip('.')}; nothing is asked of it before {until}."
        raise ModelError(text, mend=self._mend)


def _host(url: str) -> str:
    """Return the host of an address as messages name it, with its port where it has one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _apart(endpoint: str) -> tuple[str, dict[str, str]]:
    """Return an address without the name and the password in it, and the header made of them."""
    parts = urlsplit(endpoint)
    if parts.username is None:
        return endpoint, {}
    secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    plain = parts._replace(netloc=_host(endpoint)).geturl()
    return plain, dict(urllib3.make_headers(basic_auth=secret))


def onward(url: str, location: str) -> str:
    """Return where a redirect leads; raises ModelError for what is no place to go."""
    target = urljoin(url, location)
    scheme = urlsplit(target).scheme
    if not location or scheme not in ("http", "https"):
        message = f"{_host(url)} sends to {location or 'nowhere'}."
        raise ModelError(message)
    if scheme == "http" and url.startswith("https:"):
        message = f"{_host(url)} sends to {target}, which is not encrypted: that is not followed."
        raise ModelError(message)
    return target


def _proxy(url: str) -> str:
    """Return the proxy that the environment names for an address, "" for none."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2]):
        return ""
    known = urllib.request.getproxies()
    named = known.get(parts.scheme) or known.get("all") or ""
    return named if not named or "://" in named else f"http://{named}"


def _connections(proxy: str) -> urllib3.PoolManager:
    if not proxy:
        return urllib3.PoolManager()
    parts = urlsplit(proxy)
    headers = None
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=secret)
    try:
        return urllib3.ProxyManager(proxy, proxy_headers=headers)
    except (faults.ProxySchemeUnknown, faults.LocationParseError, ValueError) as error:
        message = f"The proxy {_host(proxy)} cannot be used: {error}."
        mend = "Name an HTTP proxy in HTTPS_PROXY: http://proxy:port."
        raise ModelError(message, mend=mend) from error


def _wants_a_password(proxy: str) -> ModelError:
    message = f"The proxy {proxy} wants a name and a password (407)."
    return ModelError(message, mend="Put them into HTTPS_PROXY: http://name:password@proxy:port.")


@contextlib.contextmanager
def _translated(host: str, proxy: str = "") -> Iterator[None]:
    """Turn urllib3's errors into ours: the only place that knows them."""
    try:
        yield
    except faults.NameResolutionError as error:
        message = f"{host} cannot be reached: no address is known for it. Is there a network?"
        raise ModelError(message) from error
    except faults.SSLError as error:
        if not any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error)):
            raise Fault(host, f"{host} breaks the encryption off.") from error
        message = f"The certificate of {host} is not to be trusted: {error}."
        mend = "Behind a proxy that reads along, name its certificate in SSL_CERT_FILE."
        raise ModelError(message, mend=mend) from error
    except faults.LocationParseError as error:
        message = f"{host} is no address: {error}."
        raise ModelError(message) from error
    except faults.ProxyError as error:
        if any(isinstance(one, faults.NameResolutionError) for one in _causes(error)):
            message = f"The proxy {proxy} cannot be reached: no address is known for it."
            raise ModelError(message, mend="Correct HTTPS_PROXY.") from error
        if "407" in str(error.original_error):
            raise _wants_a_password(proxy) from error
        raise Fault(proxy, f"The proxy {proxy} does not lead to {host}.") from error
    except faults.NewConnectionError as error:  # a refusal; it is a kind of timeout to urllib3
        raise Fault(host, f"{host} cannot be reached.") from error
    except (faults.ConnectTimeoutError, faults.ReadTimeoutError) as error:
        raise Fault(host, f"{host} does not answer in time.") from error
    except faults.HTTPError as error:
        raise Fault(host, f"The connection to {host} broke off.") from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that it holds or came from."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "original_error", None), *one.args)
        waiting += [each for each in inner if isinstance(each, BaseException)]
