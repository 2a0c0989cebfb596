"""What some systems lack stands behind a guard, in places that are named here.

`make check` also runs the type checker for Windows and macOS, which knows what each module has
there; this finds what it cannot see: names asked for by text, and places of the file system.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "codearch"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# Neither on Windows; of macOS's lacks `prctl`, `malloc_trim` and /proc concern us.
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "select", "syslog", "termios"}
POSIX_NAMES = {
    *("O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_CLOEXEC", "dir_fd"),
    *("fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg", "mkfifo"),
    *(
        "nice",
        "setsid",
        "start_new_session",
        "preexec_fn",
        "statvfs",
        "sysconf",
        "sched_getaffinity",
    ),
    *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGUSR1"),
    *("AF_UNIX", "CDLL", "chmod", "fchmod", "malloc_trim", "prctl", "wait3", "wait4"),
}
WINDOWS_NAMES = {"windll", "STARTUPINFO", "CREATE_NO_WINDOW", "msvcrt", "winreg", "st_reparse_tag"}
PLACES = ("/proc", "/dev", "/tmp", "/etc", "/sys", "/usr", "/var")

# Each with what stands on the other side.
GUARDED = {
    "cli/_checks.py": {"/proc": "only where the file exists"},
    "cli/_input.py": {"select": "sys.platform: Windows' own waits for sockets alone"},
    "detectors/_workspace_files.py": {"chmod": "Windows has it, for the one bit that it knows"},
    "history/git.py": {"CREATE_NO_WINDOW": "getattr, 0 elsewhere"},
    "history/repository.py": {
        "O_NONBLOCK": "getattr, 0 elsewhere: Windows has no pipes among files",
        "O_NOFOLLOW": "getattr, 0 elsewhere",
    },
    "index/content.py": {
        "dir_fd": "os.supports_dir_fd, else each part is looked at before it is opened",
        "O_NOFOLLOW": "getattr, 0 elsewhere",
        "O_NONBLOCK": "getattr, 0 elsewhere",
        "O_NOCTTY": "getattr, 0 elsewhere",
        "O_CLOEXEC": "getattr, 0 elsewhere",
        "O_PATH": "getattr, 0 elsewhere",
        "O_DIRECTORY": "getattr, 0 elsewhere",
        "st_reparse_tag": "sys.platform == 'win32'",
    },
    "indexer/address.py": {"getuid": "sys.platform: a pipe on Windows, which has no folder"},
    "indexer/heap.py": {
        "CDLL": "sys.platform == 'linux'",
        "malloc_trim": "sys.platform == 'linux', and only where the C library has it",
    },
    "indexer/holding.py": {
        "O_CLOEXEC": "sys.platform: Windows moves no folder of which a file is open",
        "O_NOFOLLOW": "sys.platform: as above",
    },
    "indexer/launch.py": {"start_new_session": "sys.platform, creation flags on Windows"},
    "indexer/workers.py": {
        "nice": "sys.platform: Windows has classes of priority, by psutil",
    },
    "settings/folders.py": {
        "geteuid": "sys.platform: a user's folder on Windows is private by inheritance",
        "chmod": "sys.platform: as above",
    },
    "settings/writing.py": {"chmod": "Windows has it, for the one bit that it knows"},
    "store/processor.py": {
        "/proc": "sys.platform == 'linux'",
        "/usr": "sys.platform == 'darwin'",
        "windll": "sys.platform == 'win32'",
    },
    "watch/remote.py": {"/proc": "where it cannot be read, no file system is known to be remote"},
}


def particular(source: str) -> Iterator[tuple[str, int]]:
    """Yield what not every system has, with its line."""
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            yield from ((alias.name, line) for alias in node.names if alias.name in POSIX_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            yield node.module, line
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "os.kill":
            yield "os.kill", line
        elif isinstance(node, ast.Attribute) and node.attr in POSIX_NAMES | WINDOWS_NAMES:
            yield node.attr, line
        elif isinstance(node, ast.keyword) and node.arg in POSIX_NAMES:
            yield node.arg, node.value.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in POSIX_NAMES | WINDOWS_NAMES:
                yield node.value, line
            yield from (
                (place, line) for place in PLACES if f"{node.value}/".startswith(f"{place}/")
            )


@pytest.mark.parametrize("module", MODULES)
def test_what_a_system_may_lack_is_guarded(module: str) -> None:
    guarded = GUARDED.get(module, {})
    for name, line in particular((PACKAGE / module).read_text("utf-8")):
        assert name in guarded, f"{module}:{line} uses {name}: what does it do elsewhere?"


@pytest.mark.parametrize("module", sorted(GUARDED))
def test_the_list_of_guards_names_nothing_that_is_gone(module: str) -> None:
    used = {name for name, _ in particular((PACKAGE / module).read_text("utf-8"))}
    assert set(GUARDED[module]) <= used
