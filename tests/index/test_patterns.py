"""Ignore patterns mean what they mean to git; globs what they mean to VS Code."""

from __future__ import annotations

import random

import pytest

from codearch.index.patterns import Globs, Rules, parse_gitignore

PIECES = r"""
    a b foo * ** *** ? / / / [ab] [!a] [^b] [a-c] []a] []-] [a-] [a\]b] [\a-c] [z-a] [[:alpha:]]
    [![:digit:]_] [[:nonsense:]] [a \a \* \# \! .py foo.* é - . # ! x.y.z A a\
""".split()  # noqa: SIM905 - a list of words is read as one
NAMES = ("a|b|ab|abc|foo|foo.py|bar.js|x.y.z|#a|!a|a]|[a|a-b|é|A|**|build|a*b|-|z|a b").split("|")  # noqa: SIM905 - as above


def generated_line(choose: random.Random) -> str:
    line = "".join(choose.choice(PIECES) for _ in range(choose.randint(1, 5)))
    line = "!" * (choose.random() < 0.2) + "/" * (choose.random() < 0.15) + line
    ends = ["", "", "", "", "/", "  ", "\r", "\t", "\\ "]
    return line + choose.choice(ends)


def ignored_by_rules(rules: Rules, path: str, is_folder: bool) -> bool:
    """Apply one ignore file from the outermost folder inwards, as git does."""
    parts = path.encode().split(b"/")
    for depth in range(1, len(parts)):
        if rules.ignores(b"/".join(parts[:depth]), parts[depth - 1], is_folder=True):
            return True
    return bool(rules.ignores(b"/".join(parts), parts[-1], is_folder))


@pytest.mark.parametrize("seed", range(4))
def test_generated_patterns_agree_with_git(repository, seed):
    """Hundreds of ignore files, each in its own folder, put to git in one question."""
    choose = random.Random(seed)
    files: dict[str, bytes] = {}
    questions: dict[str, tuple[Rules, str]] = {}
    for number in range(150):
        lines = [generated_line(choose) for _ in range(choose.choice([1, 1, 1, 2, 3]))]
        folder = f"case{number}"
        files[folder] = "\n".join(lines).encode() + b"\n"
        repository.write(f"{folder}/.gitignore", files[folder])
        rules = parse_gitignore(files[folder])
        for _ in range(15):
            path = "/".join(choose.choice(NAMES) for _ in range(choose.randint(1, 4)))
            questions[f"{folder}/{path}"] = rules, path
    asked = "\0".join(questions)
    answers = repository.git("check-ignore", "--no-index", "-z", "-v", "-n", "--stdin", stdin=asked)
    fields = answers.split("\0")[:-1]
    told = {
        path: bool(pattern) and not pattern.startswith("!")
        for pattern, path in zip(fields[2::4], fields[3::4], strict=True)
    }
    assert len(told) == len(questions)
    assert sum(told.values()) > 50
    wrong = [
        (path, files[path.partition("/")[0]], expected)
        for path, expected in told.items()
        if ignored_by_rules(*questions[path], is_folder=False) != expected
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("line", "path", "is_folder", "expected"),
    [
        ("build/", "build", True, True),
        ("build/", "build", False, None),
        ("build/", "lib/build", True, True),
        ("/build", "lib/build", False, None),
        ("*.log", "logs/today.log", False, True),
        ("docs/*.txt", "docs/a.txt", False, True),
        ("docs/*.txt", "docs/old/a.txt", False, None),
        ("docs/**/*.txt", "docs/a.txt", False, True),
        ("docs/**/*.txt", "docs/old/er/a.txt", False, True),
        ("**/cache", "a/b/cache", True, True),
        ("cache/**", "cache", True, None),
        ("cache/**", "cache/a/b", False, True),
        ("!keep.log", "keep.log", False, False),
        ("\\!keep", "!keep", False, True),
        ("\\#keep", "#keep", False, True),
        ("# comment", "# comment", False, None),
        ("trailing   ", "trailing", False, True),
        ("trailing\\ ", "trailing ", False, True),
        ("crlf\r", "crlf", False, True),
        ("never[closed", "never[closed", False, None),
    ],
)
def test_one_pattern(line, path, is_folder, expected):
    name = path.rpartition("/")[2].encode()
    assert parse_gitignore(line.encode()).ignores(path.encode(), name, is_folder) is expected


def test_last_pattern_decides_and_byte_order_mark_is_no_part_of_the_first():
    rules = parse_gitignore(b"\xef\xbb\xbf*.log\n!keep.log\n")
    assert rules.ignores(b"a.log", b"a.log", False) is True
    assert rules.ignores(b"keep.log", b"keep.log", False) is False


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("**/generated", "a/b/generated", True),
        ("**/generated/**", "generated", True),
        ("generated/**", "a/generated", False),
        ("src/*.ts", "src/a.ts", True),
        ("src/*.ts", "src/deep/a.ts", False),
        ("**/*.{pb.go,gen.go}", "api/v1/user.pb.go", True),
        ("**/*.{pb.go,gen.go}", "api/v1/user.go", False),
        ("{out,dist}", "packages/web/dist", True),
        ("*.snap", "tests/a.snap", True),
        ("./third_party/", "third_party", True),
        ("file?.py", "file1.py", True),
        ("file[0-9].py", "filex.py", False),
        ("a{b", "a{b", True),
        ("{a,{b,c}}d", "cd", True),
    ],
)
def test_glob(glob, path, expected):
    assert Globs({glob: True}).excludes(path.encode()) is expected


def test_glob_of_many_choices_is_expanded_as_far_as_is_of_use():
    assert Globs({"{a,b}" * 60: True}).excludes(b"b" * 60)


def test_glob_that_is_off_takes_back_what_another_leaves_out():
    globs = Globs({"**/*.min.css": True, "site.min.css": False})
    assert globs.excludes(b"a.min.css")
    assert not globs.excludes(b"site.min.css")
    assert not Globs({"**/*.py": False})
