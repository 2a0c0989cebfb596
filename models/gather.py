"""Download the packages of sources.toml with their registries' own clients, into a cache folder.

    python models/gather.py

Runs `pip download`, `npm pack` and `apt-get source --download-only`; nothing that a package brings
is executed or installed. Writes sources.lock.json beside sources.toml: package, version, licence
and SHA-256 of each archive. A package that its registry does not have is reported and left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path.home() / ".cache" / "codearchaeologist-models"
DISTRIBUTION = re.compile(r"\.debian\.tar|\.orig-vendor")  # not the project's own work
APT = Path("/etc/apt")


def run(command: list[str], cwd: Path) -> str:
    """Return the command's output, "" where it failed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def from_pypi(package: str, folder: Path) -> None:
    """Fetch a wheel, or the source archive where there is none."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", "."]
    run([*pip, "--only-binary", ":all:", package], folder)


def from_npm(package: str, folder: Path) -> None:
    """Fetch the package's archive; no script of it runs."""
    run(["npm", "pack", "--ignore-scripts", "--silent", package], folder)


def from_debian(package: str, folder: Path) -> None:
    """Fetch the upstream archives of a Debian source package."""
    run(["apt-get", *debian_options(), "source", "-q", "--download-only", package], folder)


def from_deb(package: str, folder: Path) -> None:
    """Fetch a binary package that holds sources."""
    run(["apt-get", "-q", "download", package], folder)


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


def gather(registry: str, package: str, licence: str) -> list[dict[str, str]]:
    """Fetch one package unless it is there already; return its lines of the lock file."""
    folder = CACHE / "archives" / registry / package.replace("/", "__")
    if not folder.is_dir():
        folder.mkdir(parents=True)
        FETCH[registry](package, folder)
    found = [
        {
            "registry": registry,
            "package": package,
            "version": version_of(path, registry),
            "licence": licence,
            "archive": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in archives(folder)
    ]
    print(f"{registry:7} {package}: {len(found) or 'NOT FOUND'}", flush=True)
    return found


def main() -> None:
    """Fetch everything and write the lock file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    sources = tomllib.loads((HERE / "sources.toml").read_text())
    prepare_debian()
    lock = [
        line
        for registry in FETCH
        for package, licence in sources[registry].items()
        for line in gather(registry, package, licence)
    ]
    for registry, packages in sources["apart"].items():
        for package in packages:
            gather(registry, package, "")
    (HERE / "sources.lock.json").write_text(json.dumps(lock, indent=1) + "\n")


if __name__ == "__main__":
    main()
