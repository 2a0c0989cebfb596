"""Read the gathered archives and write the pairs that training and evaluation use.

    python models/corpus.py

A package of the training split that cannot be read is left out with a note; any other ends the run.
Training loses what stands under no permissive licence (`licences.py`), and every copy of projects
that stay apart and of held-out packages (`sieve.py`). Says how many files each rule took.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import re
import signal
import subprocess
import tarfile
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from extract import SUFFIXES, Pair, pairs
from gather import CACHE, FETCH, HERE, archives
from licences import copyleft_folders, inside, is_licence_file, permissive
from sieve import Sieve, digest, plain, sketch

LARGEST = 400_000  # bytes of one file
CAP = 6_000  # pairs of one package and language
CAP_FILES = 3_000  # files of one package and language
PATIENCE = 1_800  # seconds for one package
SAME_QUERY = 3
SKIPPED = re.compile(
    r"(?i)(^|/)(\w*tests?|testing|testdata|testsuite|__tests__|specs?|examples?|samples?|benchmarks?|demos?|"
    r"_?vendor(ed|s)?|extern|externals?|third[-_]?party|3rd[-_]?party|node_modules|deps|contrib/libs|"
    r"generated|gen|locale|i18n)(/|$)|\.min\.|\.d\.ts$|\.pb\.go$|zz_generated|_pb2|bindata"
)
BUILT = re.compile(r"(^|/)(dist|umd|bundles?|fesm\w*|cjs|esm\w*|min|build|release)(/|$)")
DAMAGED = (
    OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
    subprocess.CalledProcessError,
)  # fmt: skip
DOUBLED = re.compile(r"(^|/)(umd|bundles?|cjs|esm5|commonjs|lib-commonjs|lib-amd)(/|$)")


@dataclass(frozen=True)
class Rules:
    """What is left out of a package: names at all times, and what the sieve finds, if there is one.

    `left_out` counts files by reason.
    """

    apart: frozenset[str]
    sieve: Sieve | None = None
    left_out: Counter[str] = field(default_factory=Counter)


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of an archive's sources and of its licences' texts."""
    if path.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if wanted(entry.filename, entry.file_size):
                    yield entry.filename, archive.read(entry)
        return
    with opened(path) as archive:
        for member in archive:
            if member.isfile() and wanted(member.name, member.size):
                content = archive.extractfile(member)
                if content:
                    yield member.name, content.read()


def below_top(archive: Path, name: str) -> str:
    """Return a file's path without the folder that all files of a source archive lie in."""
    return name if archive.suffix in {".whl", ".deb"} else name.partition("/")[2]


def opened(path: Path) -> tarfile.TarFile:
    """Open an archive, or the files of a Debian package, as a stream."""
    if path.suffix != ".deb":
        return tarfile.open(path, "r|*")
    command = ["dpkg-deb", "--fsys-tarfile", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return tarfile.open(fileobj=io.BytesIO(done.stdout), mode="r|")


def wanted(name: str, size: int) -> bool:
    """Tell whether a file is a source of a size that people write, or says its folder's licence."""
    source = PurePosixPath(name).suffix in SUFFIXES and size > 200
    return (source or is_licence_file(name)) and size <= LARGEST


def readable(folder: Path, rules: Rules) -> Iterator[tuple[str, str, bytes]]:
    """Yield path, path below the top folder, and content of each file that may be read."""
    for archive in archives(folder):
        licences: dict[str, bytes] = {}
        held: list[tuple[str, str, bytes]] = []
        for name, content in files(archive):
            inner = below_top(archive, name)
            if is_licence_file(name):
                licences[inner] = content
            elif handwritten(inner, content) and not named_apart(inner, rules.apart):
                held.append((name, inner, content))
        copyleft = copyleft_folders(licences)
        for name, inner, content in held:
            reason = ""
            if rules.sieve:
                free = permissive(content) and not inside(inner, copyleft)
                reason = rules.sieve.reason(inner, content) if free else "licence"
            rules.left_out[reason] += 1
            if not reason:
                yield name, inner, content


def handwritten(path: str, content: bytes) -> bool:
    """Tell whether a file is the package's own work: no test, copy, product of a tool or data."""
    longest = max(map(len, content.splitlines()[:400]), default=0)
    return not SKIPPED.search(path) and longest < 2_000


def named_apart(path: str, apart: frozenset[str]) -> bool:
    """Tell whether a part of the path is the name of a project that stays apart."""
    return bool(apart & {plain(part) for part in path.split("/")})


def chosen(folder: Path, rules: Rules) -> Iterator[tuple[str, bytes]]:
    """Yield language and content of a package's files, in an order that is fixed and random.

    What was built from sources counts only where the sources themselves are not there.
    """
    found: dict[str, list[tuple[bytes, bytes, bool]]] = {}
    for name, inner, content in readable(folder, rules):
        language = SUFFIXES[PurePosixPath(name).suffix]
        built = bool(BUILT.search(inner))
        if not (built and DOUBLED.search(inner)):
            found.setdefault(language, []).append((digest(name), content, built))
    sources = any(not built for listed in found.values() for _, _, built in listed)
    for language, listed in found.items():
        for _, content, built in sorted(listed)[:CAP_FILES]:
            if not (built and sources):
                yield language, content


def package_pairs(folder: Path, rules: Rules) -> list[Pair]:
    """Return a package's pairs, at most CAP a language."""
    taken: Counter[str] = Counter()
    made: list[Pair] = []
    for language, content in chosen(folder, rules):
        if taken[language] >= CAP:
            continue
        try:
            found = pairs(content, language)
        except RecursionError:
            continue
        taken[language] += len(found)
        made += found
    return made


def cached_pairs(folder: Path, rules: Rules) -> list[Pair]:
    """Return a package's pairs, from the cache where they were made before by the same rules."""
    place = CACHE / ("sifted" if rules.sieve else "pairs") / f"{folder.parent.name}-{folder.name}"
    kept, counted = place.with_name(place.name + ".jsonl.gz"), place.with_name(place.name + ".json")
    if not (kept.exists() and counted.exists()):
        kept.parent.mkdir(exist_ok=True)
        own = Rules(rules.apart, rules.sieve)
        lines = [json.dumps(asdict(pair)) for pair in package_pairs(folder, own)]
        kept.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
        counted.write_text(json.dumps(own.left_out))
    rules.left_out.update(json.loads(counted.read_text()))
    return [Pair(**json.loads(line)) for line in gzip.decompress(kept.read_bytes()).splitlines()]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError where what is done inside takes longer."""

    def give_up(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"took more than {seconds} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def training_pairs(package: str, folder: Path, rules: Rules) -> list[Pair]:
    """Return a package's pairs; none, and a note, where it is missing, damaged or endless."""
    try:
        with within(PATIENCE):
            return cached_pairs(folder, rules)
    except DAMAGED as error:
        print(f"LEFT OUT     {package}: {error}", flush=True)
        return []


def body_digest(pair: Pair) -> bytes:
    """Return a digest that copies of a definition share, whatever their layout and comments."""
    return digest(pair.body if len(pair.body) > 40 else f"{pair.name}{pair.signature}{pair.body}")


class Seen:
    """The definitions and descriptions that were taken so far."""

    def __init__(self) -> None:
        self._bodies: set[bytes] = set()
        self._sketches: set[bytes | None] = set()
        self._queries: Counter[bytes] = Counter()

    def learn(self, pair: Pair) -> None:
        """Remember a definition that no other may be like."""
        self._bodies.add(body_digest(pair))
        self._sketches.add(sketch(pair.body))

    def reason(self, pair: Pair, training: bool) -> str:
        """Return why a pair is not taken, "" where it is; then remember it."""
        body, query, like = body_digest(pair), digest(plain(pair.query)), sketch(pair.body)
        if body in self._bodies:
            return "same body"
        if self._queries[query] >= SAME_QUERY:
            return "same description"
        if training and like and like in self._sketches:
            return "nearly the same body"
        self._bodies.add(body)
        self._sketches.add(like)
        self._queries[query] += 1 if training else SAME_QUERY
        return ""


def place_of(registry: str, package: str) -> Path:
    """Return the folder of a package's archives."""
    return CACHE / "archives" / registry / package.replace("/", "__")


def sieve_of(sources: dict[str, dict[str, list[str]]], held_out: list[Path]) -> Sieve:
    """Return the sieve that knows the projects apart and the held-out packages."""
    split = sources["split"]
    sieve = Sieve([*split["apart"], *split["held_out_names"]])
    apart = [place_of(registry, name) for registry in FETCH for name in sources["apart"][registry]]
    for folder in (*apart, *held_out):
        for archive in archives(folder):
            for name, content in files(archive):
                if not is_licence_file(name):
                    sieve.learn(content)
    return sieve


def main() -> None:
    """Write pairs.jsonl.gz: held-out packages first, so that training loses what both have."""
    sources = tomllib.loads((HERE / "sources.toml").read_text())
    apart = frozenset(map(plain, sources["split"]["apart"]))
    split = {name: part for part in ("test", "development") for name in sources["split"][part]}
    listed = [
        (split.get(name, "train"), name, place_of(registry, name))
        for registry in FETCH
        for name in sources[registry]
        if plain(name) not in apart
    ]
    listed.sort(key=lambda entry: ("test", "development", "train").index(entry[0]))
    whole = Rules(apart)
    sifted = Rules(
        apart, sieve_of(sources, [place for part, _, place in listed if part != "train"])
    )
    seen = Seen()
    for registry in FETCH:
        for name in sources["apart"][registry]:
            for pair in cached_pairs(place_of(registry, name), Rules(frozenset())):
                seen.learn(pair)
    lines: list[str] = []
    count: Counter[tuple[str, str]] = Counter()
    for part, name, place in listed:
        rules = sifted if part == "train" else whole
        read = training_pairs(name, place, rules) if part == "train" else cached_pairs(place, rules)
        for pair in read:
            reason = seen.reason(pair, part == "train")
            if part == "train":
                rules.left_out[reason and f"pair: {reason}"] += 1
            if not reason:
                count[pair.language, part] += 1
                lines.append(json.dumps({"split": part, "package": name, **asdict(pair)}))
        print(f"{part:12} {name}: {len(lines)} pairs in all", flush=True)
    (CACHE / "pairs.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), 3, mtime=0))
    for (language, part), number in sorted(count.items()):
        print(f"{language:12} {part:12} {number}")
    for reason, number in sifted.left_out.most_common():
        print(f"{reason or 'taken (files and pairs)':28} {number}")


if __name__ == "__main__":
    main()
