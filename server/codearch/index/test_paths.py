"""Which files hold tests, told by where they lie and how they are named."""

from __future__ import annotations

import re

_FOLDERS = frozenset(
    {"test", "tests", "testing", "spec", "specs", "__tests__", "e2e", "testdata", "test-data",
     "testsuite", "unittests", "unittest", "androidtest", "fixtures", "__mocks__"}
)  # fmt: skip
_NAME = re.compile(
    r"^(?:test_.*|.*[_.-](?:test|tests|spec|specs)|conftest|.*[a-z0-9](?:Test|Tests|TestCase|Spec|IT)"
    r"|Test[A-Z].*)\.[^.]+$"
)
_PROJECT = re.compile(r"(?:^|[._-])[tT]ests?$|[a-z](?:Tests?|Specs?)$")


def is_test_path(path: str) -> bool:
    """Say whether a path is one at which tests lie: `tests/`, `a_test.go`, `FooTest.java`, ..."""
    *folders, name = path.split("/")
    if _NAME.match(name):
        return True
    return any(
        folder.lower() in _FOLDERS or _PROJECT.search(folder) is not None for folder in folders
    )
