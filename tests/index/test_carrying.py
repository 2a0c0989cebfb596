"""What is carried along with an edit of comments is what the rules find in the text as it is."""

from __future__ import annotations

import pytest

from codearch.detectors import FileView, file_detectors, run_file
from codearch.facts import FileFacts, Finding
from codearch.index.carrying import Carrying
from codearch.index.shape import same_code, shape_of
from codearch.languages import by_name
from codearch.parse import parse

PYTHON = """\
import os
import sys


class Shelf:
    def __init__(self, rows):
        self.rows = rows


class Store:
    def __init__(self, rows):
        for row in rows:
            if row:
                for cell in row:
                    while cell:
                        if cell > 1:
                            print("line 3", sys.argv)
        return
        print("line 3")


def load(name):
    while True:
        print(name)
    print(name)
"""
JAVASCRIPT = """\
const fs = require("fs");

function read(rows) {
  for (const row of rows) {
    if (row) {
      for (const cell of row) {
        while (cell) {
          if (cell > 1) {
            if (cell > 2) {
              eval(process.argv[2]);
            }
          }
        }
      }
    }
  }
  return 1;
  fs.close();
}
"""
C = """\
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char name[8];
  strcpy(name, argv[1]);
  while (1) {
    system(argv[1]);
  }
  return 0;
}
"""
SOURCES = {"python": (PYTHON, "#"), "javascript": (JAVASCRIPT, "//"), "c": (C, "//")}


def _looked_at(text: str, language: str) -> tuple[FileFacts, bytes, list[Finding]]:
    source = text.encode()
    facts = parse(source, by_name(language))
    view = FileView("rows.txt", facts, source)
    rules = [rule for rule in file_detectors() if not rule.comments]
    return facts, source, run_file(rules, view)


@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("comment", ["", "{} so far", "{} return 1\n{} so far\n", "    {} line 7"])
def test_findings_are_those_of_the_text_as_it_is(language: str, comment: str) -> None:
    text, mark = SOURCES[language]
    before, source, found = _looked_at(text, language)
    lines = text.splitlines(keepends=True)
    tried = carried = 0
    for at in range(len(lines) + 1):
        edited = "".join((*lines[:at], comment.format(mark, mark), "\n", *lines[at:]))
        facts, now, wanted = _looked_at(edited, language)
        if not same_code(shape_of(before, source), shape_of(facts, now)):
            continue
        carrying = Carrying(source, now, facts.comments)
        moved = [(one.rule, carrying.finding(one)) for one in found]
        again = {rule for rule, finding in moved if finding is None}
        kept = [finding for rule, finding in moved if rule not in again]
        assert kept == [one for one in wanted if one.rule not in again]
        tried += len(found)
        carried += len(kept)
    assert 2 * carried > tried > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("        return\n", "        return  # and no more\n"),  # the line names its finding
        ('        print("line 3")\n', '        print("line 3")  # never\n'),
    ],
)
def test_a_comment_on_the_line_of_a_finding_has_its_rule_run_again(before: str, after: str) -> None:
    _, source, found = _looked_at(PYTHON, "python")
    text = PYTHON.replace(before, after)
    facts, now, _ = _looked_at(text, "python")
    carrying = Carrying(source, now, facts.comments)
    lost = [one.rule for one in found if carrying.finding(one) is None]
    assert "unreachable-code" in lost


def test_a_line_that_a_comment_repeats_is_not_taken_for_the_one_of_the_code() -> None:
    text = C.replace("  char name", "/*\n  strcpy(name, argv[1]);\n*/\n  char name")
    _, source, found = _looked_at(C, "c")
    facts, now, _ = _looked_at(text, "c")
    carrying = Carrying(source, now, facts.comments)
    assert "security-buffer" in {one.rule for one in found if not carrying.finding(one)}
