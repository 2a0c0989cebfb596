"""Download the packages of sources.toml with their registries' own clients, into a cache folder.

    python models/gather.py [--newest]

Runs `pip download`, `npm pack` and `apt-get source --download-only`; nothing that a package brings
is executed or installed. Takes the versions of sources.lock.json, and of these the archives with
the digests that stand there alone; what its registry does not have any more is reported and left
out. With --newest it takes what registries offer now and writes the lock anew: version, licence
and SHA-256 of each archive, without a licence those of projects apart, which are never trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

HERE = Path(__file__).parent
CACHE = Path.home() / ".cache" / "codearchaeologist-models"
DISTRIBUTION = re.compile(r"\.debian\.tar|\.orig-vendor")  # not the project's own work
APT = Path("/etc/apt")
LOCK = HERE / "sources.lock.json"
Lines = list[dict[str, str]]  # of the lock, one an archive


def run(command: list[str], cwd: Path) -> str:
    """Return the command's output, "" where it failed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def from_pypi(package: str, locked: Lines, folder: Path) -> None:
    """Fetch a wheel."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", "."]
    exact = f"=={locked[0]['version']}" if locked else ""
    run([*pip, "--only-binary", ":all:", package + exact], folder)


def from_npm(package: str, locked: Lines, folder: Path) -> None:
    """Fetch the package's archive; no script of it runs."""
    exact = f"@{locked[0]['version']}" if locked else ""
    run(["npm", "pack", "--ignore-scripts", "--silent", package + exact], folder)


def from_debian(package: str, locked: Lines, folder: Path) -> None:
    """Fetch the upstream archives of a Debian source package."""
    exact = ""
    if locked:
        told = run(["apt-cache", *debian_options(), "showsrc", "--only-source", package], folder)
        exact = "=" + debian_version(told, {line["sha256"] for line in locked})
    if exact != "=":
        options = debian_options()
        run(["apt-get", *options, "source", "-q", "--download-only", package + exact], folder)


def debian_version(told: str, digests: set[str]) -> str:
    """Return the version of a source package that has these archives, "" where none has."""
    for record in told.split("\n\n"):
        version = re.search(r"(?m)^Version: (\S+)", record)
        if version and digests <= set(re.findall(r"\b[0-9a-f]{64}\b", record)):
            return version.group(1)
    return ""


def from_deb(package: str, locked: Lines, folder: Path) -> None:
    """Fetch a binary package that holds sources."""
    exact = f"={unquote(locked[0]['version'])}" if locked else ""
    run(["apt-get", "-q", "download", package + exact], folder)


def debian_options() -> list[str]:
    """Return options that give apt lists of its own, and leave the system's alone."""
    home = CACHE / "apt"
    places = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": home / "parts",
        "Dir::State::Lists": home / "lists",
        "Dir::Cache": home / "cache",
    }
    return [word for key, value in places.items() for word in ("-o", f"{key}={value}")]


def source_lists(apt: Path = APT) -> dict[str, str]:
    """Return the system's own lists of packages, by file name, asking for sources instead."""
    lists = {
        file.name: re.sub(r"(?m)^Types:.*$", "Types: deb-src", file.read_text())
        for file in sorted(apt.glob("sources.list.d/*.sources"))
    }
    for file in (*apt.glob("sources.list"), *sorted(apt.glob("sources.list.d/*.list"))):
        lines = [line for line in file.read_text().splitlines() if line.startswith("deb ")]
        lists[f"{file.stem}.list"] = "\n".join("deb-src" + line[3:] for line in lines) + "\n"
    return lists


def prepare_debian() -> None:
    """Make apt's private folders and fetch the list of source packages."""
    home = CACHE / "apt"
    for part in ("parts", "lists/partial", "cache/archives/partial"):
        (home / part).mkdir(parents=True, exist_ok=True)
    for name, text in source_lists().items():
        (home / "parts" / name).write_text(text)
    run(["apt-get", *debian_options(), "update", "-q"], home)


def archives(folder: Path) -> Iterator[Path]:
    """Yield the upstream archives in a package's folder; Debian's own changes are left out."""
    for path in sorted(folder.iterdir()):
        if re.search(r"\.(whl|zip|tgz|deb|tar\.\w+)$", path.name) and not DISTRIBUTION.search(
            path.name
        ):
            yield path


def version_of(path: Path, registry: str) -> str:
    """Read the version from an archive's name."""
    stem = re.sub(r"\.(whl|zip|tgz|deb|(orig[\w.-]*\.)?tar\.\w+)$", "", path.name)
    if registry == "deb":
        return stem.split("_")[1]
    if registry == "debian":
        return stem.partition("_")[2].removesuffix(".orig")
    if registry == "pypi":
        return stem.split("-")[1]
    found = re.search(r"-(\d[\w.+-]*)$", stem)
    return found.group(1) if found else ""


FETCH = {"pypi": from_pypi, "npm": from_npm, "debian": from_debian, "deb": from_deb}


def gather(registry: str, package: str, licence: str, locked: Lines | None) -> Lines:
    """Fetch one package unless it is there already; return its lines of the lock file.

    Of a locked package only the lock's own archives stay; None stands for the newest version.
    """
    folder = CACHE / "archives" / registry / package.replace("/", "__")
    wanted = {line["sha256"] for line in locked or []}
    if not folder.is_dir() or (locked is not None and digests(folder).keys() != wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if locked != []:
            FETCH[registry](package, locked or [], folder)
    found = digests(folder)
    if locked is not None:
        for other in found.keys() - wanted:
            found.pop(other).unlink()
    missing = len(wanted - found.keys()) if wanted else int(not found)
    print(
        f"{registry:7} {package}: {len(found)}" + f", {missing} NOT FOUND" * bool(missing),
        flush=True,
    )
    return [
        {
            "registry": registry,
            "package": package,
            "version": version_of(path, registry),
            "licence": licence,
            "archive": path.name,
            "sha256": digest,
        }
        for digest, path in found.items()
    ]


def digests(folder: Path) -> dict[str, Path]:
    """Return the archives in a package's folder by their SHA-256."""
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in archives(folder)}


def main() -> None:
    """Fetch everything that the lock names; with --newest, write the lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--newest", action="store_true", help="take the registries' newest versions"
    )
    newest = parser.parse_args().newest
    sources = tomllib.loads((HERE / "sources.toml").read_text())
    listed = [
        (registry, package, licence)
        for registry in FETCH
        for package, licence in sources[registry].items()
    ]
    listed += [(registry, name, "") for registry in FETCH for name in sources["apart"][registry]]
    held: dict[tuple[str, str], Lines] = {}
    for line in json.loads(LOCK.read_text()):
        held.setdefault((line["registry"], line["package"]), []).append(line)
    prepare_debian()
    lock: Lines = []
    for registry, package, licence in listed:
        locked = None if newest else held.get((registry, package), [])
        lock += gather(registry, package, licence, locked)
    if newest:
        LOCK.write_text(json.dumps(lock, indent=1) + "\n")


if __name__ == "__main__":
    main()
