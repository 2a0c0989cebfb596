"""OCaml and ReasonML: modules, types, values, classes."""

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="ocaml",
    title="OCaml",
    extensions=(".ml", ".mli", ".mll", ".mly", ".re", ".rei"),
    interpreters=("ocaml",),
    aliases=("ml",),
    sections=Sections(
        heads=heads(
            r"\s*module\s+(?:type\s+|rec\s+)?(?P<name>[A-Z]\w*)",
            r"\s*(?:type|and|exception|external|val|class|method)\s+(?:nonrec\s+)?"
            r"(?:virtual\s+|private\s+)*(?:\([^)]*\)\s*|'\w+\s+)?(?P<name>[\w']+)",
            r"(?:  )?let\s+(?:rec\s+)?(?P<name>[a-z_][\w']*|\([^\w\s]+\))[^=]*="
            r"(?!.*\bin\s*$)",
        ),
        blocks=(block(r"\(\*", r"\*\)"),),
    ),
)
