"""Haskell: types, classes, instances, and functions by their type signatures."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="haskell",
    title="Haskell",
    extensions=(".hs", ".lhs", ".hsc", ".hs-boot", ".cabal"),
    interpreters=("runhaskell", "runghc", "stack"),
    aliases=("hs",),
    sections=Sections(
        heads=heads(
            r"(?:data|newtype|type|data family|type family|type instance|data instance)\s+"
            r"(?:instance\s+|family\s+)?(?:\([^)]*\)\s*=>\s*)?(?P<name>[A-Z][\w']*)",
            r"class\s+(?:.*?=>\s*)?(?P<name>[A-Z][\w'.]*)",
            r"(?:deriving\s+)?(?:\w+\s+)?instance\s+(?:\{-#.*?#-\}\s*)?(?:forall[^.]*\.\s*)?(?:.*?=>\s*)?(?P<name>[A-Z].*?)\s*(?:where|$)",
            r"\s*(?P<name>[a-z_][\w']*|\([^\w\s]+\))(?:\s*,\s*[\w']+)*\s*::",
            r"(?P<name>[a-z_][\w']*|\([^\w\s]+\))\s*$",
            r"pattern\s+(?P<name>[A-Z]\w*)",
            r"(?:library|executable|test-suite|benchmark|common|flag|source-repository)\b\s*(?P<name>\S*)",
        ),
        comment=re.compile(r"--+(?![!#$%&*+./<=>?@\\^|~])"),
        blocks=(block(r"\{-(?!#)", r"-\}"),),
        attribute=re.compile(r"\{-#"),
    ),
)
