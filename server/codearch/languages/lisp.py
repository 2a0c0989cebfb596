"""Lisps: Clojure, Scheme, Common Lisp, Emacs Lisp; a section a form that defines."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="lisp",
    title="Lisp",
    extensions=(
        ".clj",
        ".cljs",
        ".cljc",
        ".edn",
        ".el",
        ".lisp",
        ".lsp",
        ".cl",
        ".scm",
        ".ss",
        ".rkt",
        ".fnl",
        ".hy",
        ".janet",
    ),
    aliases=("clojure", "elisp", "scheme", "racket"),
    sections=Sections(
        heads=heads(
            r"\s?\s?\((?:\w+/)?(?:def[\w*-]*\*?|ns|use-package|cl-def\w+|fn|extend-\w+|import)\s+"
            r"(?:\^\S+\s+)*\(?(?P<name>[^\s()\[\]{}]+)",
        ),
        comment=re.compile(r";"),
        test=re.compile(r"\(deftest\b|\(ert-deftest\b|\(define-test\b"),
    ),
)
