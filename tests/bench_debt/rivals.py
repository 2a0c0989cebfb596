"""Other tools, run on the same trees, with what they report put into our words."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path
from typing import ClassVar

from judging import Report

RUFF = {
    "F401": "unused-import", "C901": "high-complexity", "PLR0913": "many-parameters",
    "PLR0915": "long-function", "PLR1702": "deep-nesting", "PLR0904": "large-class",
    "DOC102": "stale-doc", "DOC202": "stale-doc", "D417": "stale-doc",
}  # fmt: skip
LIMITS = ("-C", "15", "-L", "80", "-a", "7")
SOURCES = (".py", ".js", ".mjs", ".ts", ".java", ".cs", ".go", ".rs", ".c", ".cpp", ".cc")


class Rivals:
    """The tools that a folder of programs holds."""

    def __init__(self, programs: Path, node: Path | None) -> None:
        self.programs, self.node = programs, node
        self.style = "sphinx"

    RULES: ClassVar[dict[str, set[str]]] = {
        "ruff": {"unused-import", "high-complexity", "many-parameters", "long-function", "deep-nesting", "large-class", "todo", "security-", "stale-doc"},
        "vulture": {"unused-symbol", "unused-import", "unreachable-code"},
        "bandit": {"security-"},
        "detect-secrets": {"secret"},
        "pydoclint": {"stale-doc"},
        "lizard": {"high-complexity", "many-parameters", "long-function"},
        "jscpd": {"clone"},
    }  # fmt: skip

    def _run(self, *arguments: str, cwd: Path) -> str:
        done = subprocess.run(
            [str(self.programs / arguments[0]), *arguments[1:]],
            cwd=cwd, capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
        return done.stdout or done.stderr

    def ruff(self, root: Path, paths: list[str]) -> list[Report]:
        """Ruff with the rules that look for the same."""
        codes = ",".join([*RUFF, "TD", "FIX", "S"])
        text = self._run(
            "ruff", "check", "--isolated", "--preview", "--output-format", "json", "--select", codes,
            "--config", "lint.pylint.max-args=7", "--config", "lint.mccabe.max-complexity=15",
            *paths, cwd=root,
        )  # fmt: skip
        found = []
        for each in json.loads(text or "[]"):
            code = each["code"] or ""
            rule = RUFF.get(code) or ("todo" if code.startswith(("TD", "FIX")) else "security-ruff")
            path = Path(each["filename"]).relative_to(root).as_posix()
            found.append(
                Report(
                    rule,
                    path,
                    each["location"]["row"],
                    each["end_location"]["row"],
                    f"{code} {each['message']}",
                )
            )
        return found

    def vulture(self, root: Path, paths: list[str]) -> list[Report]:
        """Vulture over the whole repository, at its default confidence."""
        text = self._run("vulture", ".", cwd=root)
        found = []
        for line in text.splitlines():
            match = re.match(r"(?:\./)?(.+?):(\d+): (unused|unreachable|unsatisfiable)(.*)", line)
            if match is None or match[1] not in paths:
                continue
            rule = "unreachable-code" if match[3] != "unused" else "unused-symbol"
            rule = "unused-import" if match[4].startswith(" import") else rule
            found.append(Report(rule, match[1], int(match[2]), int(match[2]), line))
        return found

    def bandit(self, root: Path, paths: list[str]) -> list[Report]:
        text = self._run("bandit", "-q", "-f", "json", *paths, cwd=root)
        return [
            Report(
                "security-bandit",
                each["filename"].removeprefix("./"),
                each["line_number"],
                max(each["line_range"]),
                f"{each['test_id']} {each['issue_text']}",
            )
            for each in json.loads(text or '{"results": []}')["results"]
        ]

    def detect_secrets(self, root: Path, paths: list[str]) -> list[Report]:
        text = self._run("detect-secrets", "scan", "--all-files", *paths, cwd=root)
        return [
            Report("secret", path, each["line_number"], each["line_number"], each["type"])
            for path, found in json.loads(text)["results"].items()
            for each in found
        ]

    def pydoclint(self, root: Path, paths: list[str]) -> list[Report]:
        """Each file with the style that it is written in."""
        found = []
        for style, mark in (("sphinx", ":param"), ("google", "Args:"), ("numpy", "Parameters\n")):
            mine = [each for each in paths if mark in (root / each).read_text("utf-8")]
            if not mine:
                continue
            text = self._run(
                "pydoclint",
                "-q",
                f"--style={style}",
                "--arg-type-hints-in-docstring=False",
                "--skip-checking-raises=True",
                *mine,
                cwd=root,
            )
            path = ""
            for line in text.splitlines():
                if match := re.match(r"\s+(\d+): (DOC\d+)(.*)", line):
                    if match[2] in ("DOC102", "DOC103", "DOC202"):
                        found.append(
                            Report("stale-doc", path, int(match[1]), int(match[1]), line.strip())
                        )
                elif line.strip():
                    path = line.strip().removeprefix("./")
        return found

    def lizard(self, root: Path, paths: list[str]) -> list[Report]:
        found = []
        for row in self.functions(root, paths):
            path, start, end = row["file"], int(row["start"]), int(row["end"])
            for rule, value, limit in (
                ("high-complexity", row["ccn"], 15),
                ("long-function", row["nloc"], 80),
                ("many-parameters", row["parameters"], 7),
            ):
                if int(value) > limit:
                    found.append(Report(rule, path, start, end, f"{rule} {value}"))
        return found

    def functions(self, root: Path, paths: list[str]) -> list[dict[str, str]]:
        """Return every function that lizard sees."""
        names = (
            "nloc",
            "ccn",
            "tokens",
            "parameters",
            "length",
            "place",
            "file",
            "name",
            "long",
            "start",
            "end",
        )
        rows = []
        for at in range(0, len(paths), 400):
            text = self._run("lizard", "--csv", *paths[at : at + 400], cwd=root)
            rows += [
                dict(zip(names, row, strict=False))
                for row in csv.reader(text.splitlines())
                if len(row) == len(names)
            ]
        for row in rows:
            row["file"] = row["file"].removeprefix("./")
        return rows

    def jscpd(self, root: Path, paths: list[str]) -> list[Report]:
        """Jscpd over the folders of the repository, from 6 lines and 50 tokens on."""
        if self.node is None:
            return []
        out = root.parent / f"jscpd-{root.name}"
        subprocess.run(
            [str(self.node), "--silent", "--reporters", "json", "--min-lines", "6", "--min-tokens", "50", "--max-lines", "5000", "--output", str(out), "."],
            cwd=root, capture_output=True, check=False, timeout=900,
        )  # fmt: skip
        report = out / "jscpd-report.json"
        if not report.exists():
            return []
        found = []
        for each in json.loads(report.read_text("utf-8"))["duplicates"]:
            first, second = each["firstFile"], each["secondFile"]
            found.append(
                Report(
                    "clone",
                    first["name"],
                    first["start"],
                    first["end"],
                    "clone",
                    ((second["name"], second["start"], second["end"]),),
                )
            )
        report.unlink()
        return found

    def reports(self, tool: str, root: Path, changed: list[str]) -> list[Report]:
        """Run one tool over those of the changed files that it can read."""
        if tool == "detect-secrets":
            return self.detect_secrets(root, changed)
        known = SOURCES if tool in ("lizard", "jscpd") else (".py",)
        paths = [each for each in changed if each.endswith(known)]
        run = {
            "lizard": self.lizard, "jscpd": self.jscpd, "ruff": self.ruff,
            "vulture": self.vulture, "bandit": self.bandit, "pydoclint": self.pydoclint,
        }[tool]  # fmt: skip
        return run(root, paths) if paths else []
