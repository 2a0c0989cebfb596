"""Writes plain functions in nine languages, for what is planted by size and shape."""

from __future__ import annotations

from dataclasses import dataclass

Lines = list[str]


@dataclass(frozen=True)
class Dialect:
    """How a language says what the planters need."""

    function: str
    parameter: str
    method: str
    declare: str
    assign: str = "{0} = {1};"
    call: str = "{0}({1});"
    give: str = "return {0};"
    condition: str = "if ({0})"
    loop: str = "for (int {0} = 0; {0} < {1}; {0}++)"
    both: str = "&&"
    case: str = "case {0}: return {1};"
    switch: str = "switch ({0})"
    default: str = "default: return {0};"
    comment: str = "// {0}"
    no_result: str = "void"


DIALECTS = {
    "python": Dialect(
        "def {0}({1})",
        "{0}",
        "def {0}(self{1})",
        "{0} = {1}",
        assign="{0} = {1}",
        call="{0}({1})",
        give="return {0}",
        condition="if {0}",
        loop="for {0} in range({1})",
        both="and",
        switch="match {0}",
        comment="# {0}",
    ),
    "javascript": Dialect(
        "function {0}({1})",
        "{0}",
        "{0}({1})",
        "let {0} = {1};",
        loop="for (let {0} = 0; {0} < {1}; {0}++)",
    ),
    "typescript": Dialect(
        "export function {0}({1}): number",
        "{0}: number",
        "{0}({1}): number",
        "let {0} = {1};",
        loop="for (let {0} = 0; {0} < {1}; {0}++)",
    ),
    "java": Dialect(
        "public static int {0}({1})", "int {0}", "public int {0}({1})", "int {0} = {1};"
    ),
    "csharp": Dialect(
        "public static int {0}({1})", "int {0}", "public int {0}({1})", "int {0} = {1};"
    ),
    "go": Dialect(
        "func {0}({1}) int",
        "{0} int",
        "func (self *{2}) {0}({1}) int",
        "{0} := {1}",
        assign="{0} = {1}",
        call="{0}({1})",
        give="return {0}",
        condition="if {0}",
        loop="for {0} := 0; {0} < {1}; {0}++",
        switch="switch {0}",
    ),
    "rust": Dialect(
        "pub fn {0}({1}) -> i64",
        "{0}: i64",
        "pub fn {0}(&mut self{1}) -> i64",
        "let mut {0} = {1};",
        condition="if {0}",
        loop="for {0} in 0..{1}",
        switch="match {0}",
        case="{0} => return {1},",
        default="_ => return {0},",
    ),
    "c": Dialect("int {0}({1})", "int {0}", "", "int {0} = {1};"),
    "cpp": Dialect("int {0}({1})", "int {0}", "int {0}({1})", "int {0} = {1};"),
}


class Writer:
    """Lines of one language, with this file's indentation."""

    def __init__(self, language: str, unit: str) -> None:
        self.language, self.unit = language, unit
        self.dialect = DIALECTS[language]
        self.python = language == "python"

    def block(self, head: str, body: Lines) -> Lines:
        """Return a head with its body."""
        inner = [f"{self.unit}{line}" if line else "" for line in body]
        if self.python:
            return [f"{head}:", *inner]
        if self.language == "csharp":
            return [head, "{", *inner, "}"]
        return [f"{head} {{", *inner, "}"]

    def function(self, name: str, parameters: list[str], body: Lines) -> Lines:
        """Return a function that others may call."""
        wanted = ", ".join(self.dialect.parameter.format(each) for each in parameters)
        return self.block(self.dialect.function.format(name, wanted), body)

    def when(self, condition: str, body: Lines) -> Lines:
        return self.block(self.dialect.condition.format(condition), body)

    def loop(self, name: str, upto: str, body: Lines) -> Lines:
        return self.block(self.dialect.loop.format(name, upto), body)

    def declare(self, name: str, value: str) -> str:
        return self.dialect.declare.format(name, value)

    def assign(self, name: str, value: str) -> str:
        return self.dialect.assign.format(name, value)

    def give(self, value: str) -> str:
        return self.dialect.give.format(value)

    def comment(self, text: str) -> str:
        return self.dialect.comment.format(text)

    def ladder(self, pairs: list[tuple[str, Lines]]) -> Lines:
        """Return a chain of else-ifs."""
        lines: Lines = []
        for at, (condition, body) in enumerate(pairs):
            piece = self.when(condition, body)
            if at == 0:
                lines += piece
            elif self.python:
                lines += ["el" + piece[0], *piece[1:]]
            elif self.language == "csharp":
                lines += ["else " + piece[0], *piece[1:]]
            else:
                lines[-1] = "} else " + piece[0]
                lines += piece[1:]
        return lines

    def switch(self, subject: str, cases: list[tuple[str, str]], other: str) -> Lines:
        """Return a flat switch whose cases return."""
        if self.python:
            body = [
                line
                for value, result in cases
                for line in (f"case {value}:", f"{self.unit}return {result}")
            ]
            body += ["case _:", f"{self.unit}return {other}"]
        else:
            body = [self.dialect.case.format(*each) for each in cases]
            body.append(self.dialect.default.format(other))
        return self.block(self.dialect.switch.format(subject), body)

    def class_of(
        self, name: str, fields: list[str], methods: list[tuple[str, list[str], Lines]]
    ) -> Lines:
        """Return a class (or what the language has for it) with fields and methods."""
        own = [self.method(name, *each) for each in methods]
        if self.language == "go":
            head = self.block(f"type {name} struct", [f"{each} int" for each in fields])
            return [*head, *(line for each in own for line in ["", *each])]
        if self.language == "rust":
            head = self.block(f"pub struct {name}", [f"pub {each}: i64," for each in fields])
            if not own:
                return head
            body = [line for each in own for line in [*each, ""]][:-1]
            return [*head, "", *self.block(f"impl {name}", body)]
        if self.language == "c":
            return [*self.block(f"struct {name}", [f"int {each};" for each in fields])[:-1], "};"]
        return self._class(name, fields, own)

    def _class(self, name: str, fields: list[str], methods: list[Lines]) -> Lines:
        declared = {
            "python": [f"{each}: int = 0" for each in fields],
            "javascript": [f"{each} = 0;" for each in fields],
            "typescript": [f"{each} = 0;" for each in fields],
            "java": [f"private int {each};" for each in fields],
            "csharp": [f"private int {each};" for each in fields],
            "cpp": [f"int {each} = 0;" for each in fields],
        }[self.language]
        head = {
            "python": f"class {name}",
            "javascript": f"class {name}",
            "typescript": f"export class {name}",
            "java": f"public static class {name}",
            "csharp": f"public class {name}",
            "cpp": f"class {name}",
        }[self.language]
        body = [*declared, *(line for each in methods for line in ["", *each])]
        if self.language == "cpp":
            body = ["public:", *body]
        lines = self.block(head, body)
        if self.language == "cpp":
            lines[-1] += ";"
        return lines

    def own(self, name: str) -> str:
        """Return how a method writes a field."""
        if self.language in ("java", "csharp", "cpp"):
            return name
        if self.language in ("javascript", "typescript"):
            return f"this.{name}"
        return f"self.{name}"

    def method(self, owner: str, name: str, parameters: list[str], body: Lines) -> Lines:
        wanted = ", ".join(self.dialect.parameter.format(each) for each in parameters)
        if self.language in ("python", "rust") and wanted:
            wanted = ", " + wanted
        return self.block(self.dialect.method.format(name, wanted, owner), body)
