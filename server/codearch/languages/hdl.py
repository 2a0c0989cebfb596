"""Verilog, SystemVerilog and VHDL: modules, entities, processes."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="hdl",
    title="Verilog and VHDL",
    extensions=(".sv", ".svh", ".vh", ".vhd", ".vhdl"),
    aliases=("verilog", "vhdl", "systemverilog"),
    sections=Sections(
        nested=False,
        heads=heads(
            r"\s*(?:virtual\s+)?(?:module|interface|package|class|program|covergroup|property|sequence)\s+NAME",
            r"\s*(?:function|task)\s+(?:automatic\s+|static\s+|virtual\s+)?(?:[\w\[\]:$-]+\s+)*?NAME\s*[(;]",
            r"(?i)\s*(?:entity|architecture|package|component|procedure|function)\s+NAME",
            r"(?i)\s*NAME\s*:\s*process\b",
        ),
        comment=re.compile(r"//|--"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)
