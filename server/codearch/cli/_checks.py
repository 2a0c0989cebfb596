"""What `codearch doctor` looks at: one function a matter, each with its mend."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from codearch import __version__
from codearch.cli._budget import over_budget
from codearch.detectors import known_rules
from codearch.embedding.backends import SHIPPED
from codearch.embedding.chosen import Chosen, chosen_encoder
from codearch.embedding.hub import model_problems
from codearch.embedding.runtimes import both_runtimes
from codearch.embedding.shipped import shipped_folder
from codearch.errors import EncoderError, TeamStoreError
from codearch.history import find_git
from codearch.indexer import launch
from codearch.indexer.kept import contents
from codearch.languages import all_languages
from codearch.parse import parse
from codearch.problems import WARNING
from codearch.settings import cache_home, load_settings, root_cache
from codearch.settings.folders import ROOT_NOTE
from codearch.store import database
from codearch.store.processor import runs_lancedb
from codearch.store.team import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 1_000_000
LEAST_PYTHON = (3, 11)
LEAST_SQLITE = (3, 35)  # RETURNING and upserts as the store writes them
LEAST_FREE_BYTES = 500 * MB
LEAST_WATCHES = 8192
GIT_SECONDS = 10
TEAM_TRIAL = "codearch-vectors-1"  # a part of a team's store that may be asked for

State = Literal["ok", "note", "problem", "missing"]  # missing: nothing works without it


class Check(msgspec.Struct, frozen=True):
    """One matter: what was found, and what mends it."""

    name: str
    state: State
    found: str
    mend: str = ""


def checks(root: Path) -> Iterator[Check]:
    """Look at everything; each check stands alone."""
    yield _python()
    yield _sqlite()
    yield _git(root)
    yield _grammars()
    yield _vectors()
    yield from _model(root)
    yield _cache(root)
    yield from _watching()
    yield _indexer(root)
    yield from _settings(root)
    yield _network(root)


def _python() -> Check:
    found = f"{platform.python_version()} on {platform.platform()}, codearch {__version__}"
    if sys.version_info[:2] < LEAST_PYTHON:
        return Check("python", "missing", found, "Install Python 3.11 or later.")
    return Check("python", "ok", found)


def _sqlite() -> Check:
    version = tuple(int(part) for part in database.VERSION.split("."))
    if version < LEAST_SQLITE:
        mend = "Use a Python that is built with SQLite 3.35 or later."
        return Check("sqlite", "missing", database.VERSION, mend)
    return Check("sqlite", "ok", database.VERSION)


def _git(root: Path) -> Check:
    program = find_git(root)
    mend = "Install git, for history in hover and a faster list of files."
    if program is None:
        return Check("git", "problem", "not found in PATH", mend)
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
            cwd=Path(program).parent,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("git", "problem", f"{program} does not run: {error}", mend)
    return Check("git", "ok", f"{answer.stdout.decode(errors='replace').strip()}, {program}")


def _grammars() -> Check:
    languages = [one for one in all_languages().values() if one.grammar is not None]
    broken = []
    for language in languages:
        try:
            parse(b"x\n", language)
        except (ImportError, OSError, ValueError, TypeError) as error:
            broken.append(f"{language.name}: {error}")
    if broken or not languages:
        return Check("grammars", "missing", "; ".join(broken) or "none", _reinstall())
    names = ", ".join(sorted(language.name for language in languages))
    return Check("grammars", "ok", f"{len(languages)} load: {names}")


def _vectors() -> Check:
    """Look for LanceDB without importing it, which takes seconds and dies without AVX2."""
    try:
        version = metadata.version("lancedb")
    except metadata.PackageNotFoundError:
        return Check("vectors", "problem", "LanceDB is not installed", _reinstall())
    if not runs_lancedb():
        found = f"LanceDB {version} needs AVX2, which this processor lacks: words alone answer"
        return Check("vectors", "problem", found, "Use a processor of 2013 or later.")
    return Check("vectors", "ok", f"LanceDB {version}")


def _model(root: Path) -> Iterator[Check]:
    settings = load_settings(root).settings
    try:
        chosen = chosen_encoder(settings)
    except EncoderError as error:
        yield Check("model", "problem", error.message, error.mend)
    else:
        yield _loaded(chosen)
    twice = both_runtimes()
    if twice:
        yield Check("runtime", "problem", *twice)
    for one in model_problems(settings):
        state: State = "problem" if one.severity >= WARNING else "note"
        yield Check("models", state, one.message, one.mend)


def _loaded(chosen: Chosen) -> Check:
    encoder = chosen.encoder
    where = shipped_folder() if chosen.name == SHIPPED else encoder.device
    found = f"{encoder.id}, {encoder.dimension} numbers a vector, {where}"
    if chosen.problem is not None:
        return Check("model", "problem", f"{chosen.problem.message} {found}", chosen.problem.mend)
    if encoder.problem:
        return Check("model", "problem", f"{encoder.problem} {found}", "")
    return Check("model", "ok", found)


def _cache(root: Path) -> Check:
    home = cache_home()
    folder = root_cache(root)
    mend = "Make the folder writable, or set CODEARCH_CACHE_DIR to one that is."
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home):
            pass
        free = shutil.disk_usage(home).free
    except OSError as error:
        return Check("cache", "missing", f"{home}: {error.strerror}", mend)
    kept = contents(home)
    size = sum(one.bytes for one in kept.indexes if one.folder == folder)
    found = (
        f"{folder} takes {size / MB:,.1f} MB, all indexes {kept.bytes / MB:,.1f} MB, "
        f"{free / MB:,.0f} MB are free"
    )
    if free < LEAST_FREE_BYTES:
        return Check("cache", "problem", found, "Free some space: `codearch cache list`.")
    over = over_budget(load_settings(root).settings)
    if over is not None:
        return Check("cache", "note", f"{found}. {over.message}", over.mend)
    gone = [one for one in kept.indexes if not one.root_exists]
    if gone:
        lost = sum(one.bytes for one in gone)
        found += f"; the roots of {len(gone)} are gone, which take {lost / MB:,.1f} MB"
        return Check("cache", "note", found, "`codearch cache clear --gone` removes these.")
    return Check("cache", "ok", found)


def _watching() -> Iterator[Check]:
    """Look at Linux's limit on watched folders; other systems have none worth a check."""
    limit = Path("/proc/sys/fs/inotify/max_user_watches")
    if not limit.exists():
        return
    watches = int(limit.read_text("ascii"))
    if watches < LEAST_WATCHES:
        mend = "sudo sysctl fs.inotify.max_user_watches=524288"
        yield Check("watching", "problem", f"only {watches:,} folders can be watched", mend)
    else:
        yield Check("watching", "ok", f"{watches:,} folders can be watched")


def _indexer(root: Path) -> Check:
    folder = root_cache(root)
    if not (folder / ROOT_NOTE).exists():
        return Check("indexer", "ok", f"{root} has no index yet; it is made when first needed")
    found = launch.connect(folder)
    if found is not None:
        connection, endpoint = found
        connection.close()
        return Check("indexer", "ok", f"running, process {endpoint.pid}, {endpoint.version}")
    said = _last_words(folder / "logs" / "indexer.stderr")
    if said:
        found_text = f"not running; the last one said: {said}"
        return Check("indexer", "note", found_text, "`codearch index` starts it.")
    return Check("indexer", "ok", "not running; it starts when it is needed")


def _settings(root: Path) -> Iterator[Check]:
    problems = load_settings(root, known_rules=known_rules()).problems
    for problem in problems:
        yield Check("settings", "problem", problem.message, problem.mend)
    if not problems:
        yield Check("settings", "ok", "every key is known and fits")


def _network(root: Path) -> Check:
    """Say what leaves the machine, and whereto: a team's store is asked whether it is there."""
    settings = load_settings(root).settings.vectors
    if not settings.store:
        found = "no code leaves this machine; `codearch models pull` alone uses the network"
        return Check("network", "ok", f"{found}, to fetch")
    found = "; ".join(leaving(root)) or f"vectors are taken from {settings.store}"
    found = f"{found} (`vectors.store`); no code leaves this machine"
    try:
        place_of(settings).names(TEAM_TRIAL)
    except TeamStoreError as error:
        return Check("network", "problem", f"{found}. {error.message}", error.mend)
    return Check("network", "note", found)


def leaving(root: Path) -> list[str]:
    """Return what leaves the machine, and whereto, one sentence each."""
    settings = load_settings(root).settings.vectors
    if not settings.store or settings.read_only:
        return []
    where = f"{settings.store} at {settings.endpoint}" if settings.endpoint else settings.store
    return [f"vectors are put into {where}"]


def _last_words(path: Path) -> str:
    try:
        lines = path.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def _reinstall() -> str:
    return f"{Path(sys.executable).name} -m pip install --force-reinstall codearchaeologist"
