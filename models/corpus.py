"""Read the gathered archives and write the pairs that training and evaluation use.

    python models/corpus.py

Leaves out, by name, whatever belongs to the projects of sources.toml's `apart` list and vendored
copies of it, and by digest every function whose body those projects also hold.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from extract import SUFFIXES, Pair, pairs
from gather import CACHE, FETCH, HERE, archives

LARGEST = 400_000  # bytes of one file
CAP = 6_000  # pairs of one package and language
CAP_FILES = 3_000  # files of one package and language
SAME_QUERY = 3
SKIPPED = re.compile(
    r"(?i)(^|/)(\w*tests?|testing|testdata|testsuite|__tests__|specs?|examples?|samples?|benchmarks?|demos?|"
    r"_?vendor(ed|s)?|extern|externals?|third[-_]?party|3rd[-_]?party|node_modules|deps|contrib/libs|"
    r"generated|gen|locale|i18n)(/|$)|\.min\.|\.d\.ts$|\.pb\.go$|zz_generated|_pb2|bindata"
)
BUILT = re.compile(r"(^|/)(dist|umd|bundles?|fesm\w*|cjs|esm\w*|min|build|release)(/|$)")
DOUBLED = re.compile(r"(^|/)(umd|bundles?|cjs|esm5|commonjs|lib-commonjs|lib-amd)(/|$)")


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of an archive's source files of a size that people write."""
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


def opened(path: Path) -> tarfile.TarFile:
    """Open an archive, or the files of a Debian package, as a stream."""
    if path.suffix != ".deb":
        return tarfile.open(path, "r|*")
    command = ["dpkg-deb", "--fsys-tarfile", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return tarfile.open(fileobj=io.BytesIO(done.stdout), mode="r|")


def wanted(name: str, size: int) -> bool:
    """Tell whether a file of this name and size is a source file to read."""
    return PurePosixPath(name).suffix in SUFFIXES and 200 < size <= LARGEST


def plain(name: str) -> str:
    """Return a name's letters and digits, to compare it whatever its spelling."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def chosen(folder: Path, apart: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield language and content of a package's files, in an order that is fixed and random.

    What was built from sources counts only where the sources themselves are not there.
    """
    found: dict[str, list[tuple[bytes, bytes, bool]]] = {}
    for archive in archives(folder):
        for name, content in files(archive):
            inner = name if archive.suffix in {".whl", ".deb"} else name.partition("/")[2]
            if SKIPPED.search(inner) or apart & {plain(part) for part in inner.split("/")}:
                continue
            if max(map(len, content.splitlines()[:400]), default=0) < 2_000:
                language = SUFFIXES[PurePosixPath(name).suffix]
                built = bool(BUILT.search(inner))
                if not (built and DOUBLED.search(inner)):
                    found.setdefault(language, []).append((digest(name), content, built))
    sources = any(not built for listed in found.values() for _, _, built in listed)
    for language, listed in found.items():
        for _, content, built in sorted(listed)[:CAP_FILES]:
            if not (built and sources):
                yield language, content


def package_pairs(folder: Path, apart: frozenset[str]) -> list[Pair]:
    """Return a package's pairs, at most CAP a language."""
    taken: Counter[str] = Counter()
    made: list[Pair] = []
    for language, content in chosen(folder, apart):
        if taken[language] >= CAP:
            continue
        try:
            found = pairs(content, language)
        except RecursionError:
            continue
        taken[language] += len(found)
        made += found
    return made


def cached_pairs(folder: Path, apart: frozenset[str]) -> list[Pair]:
    """Return a package's pairs, from the cache where they were made before."""
    kept = CACHE / "pairs" / f"{folder.parent.name}-{folder.name}.jsonl.gz"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        lines = [json.dumps(asdict(pair)) for pair in package_pairs(folder, apart)]
        kept.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return [Pair(**json.loads(line)) for line in gzip.decompress(kept.read_bytes()).splitlines()]


def body_digest(pair: Pair) -> bytes:
    """Return a digest that copies of a definition share, whatever their layout and comments."""
    return digest(pair.body if len(pair.body) > 40 else f"{pair.name}{pair.signature}{pair.body}")


def apart_bodies(apart: dict[str, list[str]]) -> set[bytes]:
    """Return the digests of the documented definitions of the projects that stay apart."""
    return {
        body_digest(pair)
        for registry, packages in apart.items()
        for name in packages
        for pair in cached_pairs(
            CACHE / "archives" / registry / name.replace("/", "__"), frozenset()
        )
    }


def main() -> None:
    """Write pairs.jsonl.gz: held-out packages first, so that training loses what both have."""
    sources = tomllib.loads((HERE / "sources.toml").read_text())
    apart = frozenset(map(plain, sources["split"]["apart"]))
    listed = [
        (registry, name)
        for registry in FETCH
        for name in sources[registry]
        if plain(name) not in apart
    ]
    split = {name: part for part in ("test", "development") for name in sources["split"][part]}
    listed.sort(key=lambda entry: {"test": 0, "development": 1}.get(split.get(entry[1], ""), 2))
    bodies = apart_bodies(sources["apart"])
    print(f"{len(bodies)} definitions of projects apart", flush=True)
    lines, queries, count = [], Counter(), Counter()
    for registry, name in listed:
        part = split.get(name, "train")
        for pair in cached_pairs(CACHE / "archives" / registry / name.replace("/", "__"), apart):
            body, query = body_digest(pair), digest(plain(pair.query))
            if body in bodies or queries[query] >= SAME_QUERY:
                continue
            bodies.add(body)
            queries[query] += SAME_QUERY if part != "train" else 1
            count[pair.language, part] += 1
            lines.append(json.dumps({"split": part, "package": name, **asdict(pair)}))
        print(f"{part:12} {name}: {len(lines)} pairs in all", flush=True)
    (CACHE / "pairs.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), 3, mtime=0))
    for (language, part), number in sorted(count.items()):
        print(f"{language:12} {part:12} {number}")


if __name__ == "__main__":
    main()
