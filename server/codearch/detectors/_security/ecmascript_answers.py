"""JavaScript and TypeScript: what becomes a page, and where browsers are sent."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import Assigned, Handler, Returned, Sink

REQUESTS = {"req": r"(?:\w+\.)?(?:Request|FastifyRequest|NextApiRequest|NextRequest)(?:<.*>)?"}
_HTML = r"<\w|^$"
_OTHER_TYPE = r"(?i)text/(?!html)|application/(?!xhtml)|\.type\(\s*[\"'`](?!html|text/html)"
_WHOLE_BODY = (  # what is no text, or nothing that somebody else makes a browser send
    r"\b(?:body|query|params|headers?|cookies?|files?|rawBody)(?:\.\w*(?:[iI]d|[dD]ata|[cC]ount))?$"
    r"|\bheaders?\b|\bcookies?\b|\bfiles?\b|^event\b"
)
_OWN_PLACE = (
    r"(?i)originalUrl|\b(?:req|request)\.url$|referr?er|\bheaders?\b|\blocation\.(?:href|pathname)$"
)

SINKS = (
    Sink(
        rule="html",
        callees="~^(res|response|reply|status)$.send|end|write",
        what=words.INTO_HTML,
        composed=words.ALL_PARTS,
        text=r"<\w",
    ),
    Sink(
        rule="html",
        callees="~^(res|resp|response)$.send",
        what=words.INTO_HTML,
        sources=words.REQUESTS,
        after=_OTHER_TYPE,
        harmless=_WHOLE_BODY,
    ),
    Sink(
        rule="html",
        callees="*.send",
        receiver=r"^(res|resp|response)\.status\(",
        what=words.INTO_HTML,
        sources=words.REQUESTS,
        after=_OTHER_TYPE,
        harmless=_WHOLE_BODY,
    ),
    Sink(
        rule="redirect",
        callees="~^(res|response|reply|ctx)$.redirect",
        what=words.INTO_REDIRECT,
        arguments=(0, 1),
        sources=words.REQUESTS,
        first=True,
        parameters=words.ADDRESSES,
        harmless=_OWN_PLACE,
    ),
    Sink(
        rule="redirect",
        callees="~location$.assign|replace window.open",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
        harmless=_OWN_PLACE,
    ),
)
ASSIGNED = (
    *(
        Assigned(
            rule="html",
            name=name,
            what=words.INTO_HTML,
            composed=words.WHOLE,
            text=_HTML,
            parameters=words.PLAIN_TEXT if name == "innerHTML" else "",
        )
        for name in ("innerHTML", "outerHTML")
    ),
    *(
        Assigned(
            rule="redirect",
            name=name,
            target=target,
            what=words.INTO_REDIRECT,
            sources=words.REQUESTS,
            first=True,
            harmless=_OWN_PLACE,
        )
        for name, target in (
            ("href", r"(^|\.)location\.href$"),
            ("location", r"^((window|document|self|top|parent)\.)?location$"),
        )
    ),
)
RETURNED = (
    Returned(
        rule="html",
        handler=Handler(
            file=r"@nestjs/",
            head=r"@(?:Get|Post|All)\(",
            around=r"@Controller\(",
            unless=r"(?i)content-type",
        ),
        what="becomes HTML in the answer of `{call}` without being escaped",
        text=r"<\w",
    ),
)
