"""Protocol buffers, Thrift, FlatBuffers and Cap'n Proto: messages, services, calls."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="protobuf",
    title="Protocol Buffers",
    extensions=(".proto", ".thrift", ".fbs", ".capnp", ".avdl"),
    aliases=("proto",),
    sections=Sections(
        heads=heads(
            r"\s*(?:message|service|enum|extend|oneof|struct|union|exception|table|interface|protocol|record)"
            r"\s+NAME",
            r"\s*rpc\s+NAME",
        ),
        comment=re.compile(r"//|#"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)
