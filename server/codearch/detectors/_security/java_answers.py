"""Java: requests by their types, and what becomes the answer: pages, places to go to."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import Handler, Returned, Sink

REQUESTS = {
    "request": r"(?:\w+\.)*(?:(?:Http|Sling\w*|\w+)?ServletRequest(?:Wrapper)?|\w*MultipartRequest"
    r"|(?:Native)?WebRequest|ServerHttpRequest|ServerRequest|HttpServerRequest|PortletRequest"
    r"|ActionRequest|RenderRequest|ResourceRequest)"
}
_OTHER_TYPE = (
    r"(?i)application/(?!xhtml)|text/(?!html)|MediaType\.(?!TEXT_HTML|APPLICATION_XHTML)\w+_\w+"
)
_MAPPED = r"@(?:Get|Post|Put|Delete|Patch|Request)Mapping\b"
_RESTFUL = r"@RestController\b|@ResponseBody\b"
_ANSWER = "becomes HTML in the answer of `{call}` without being escaped"
_OWN_PLACE = r"(?i)referer|getRequestUR[IL]|getPathInfo|getRemoteUser"

SINKS = (
    Sink(
        rule="html",
        callees="ResponseEntity.ok *.body Response.ok",
        what=words.INTO_HTML,
        sources=words.REQUESTS,
        text=r"<\w",
    ),
    Sink(
        rule="html",
        callees="~^(getWriter|out|writer|w|pw)$.print|println|write|append|printf|format"
        " ~^getOutputStream$.print|println",
        what=words.INTO_HTML,
        arguments=(),
        sources=words.REQUESTS,
        after=_OTHER_TYPE,
        harmless=_OWN_PLACE,
    ),
    Sink(
        rule="html",
        callees="~^(getWriter|out|writer|w|pw)$.print|println|write|append|printf|format",
        what=words.INTO_HTML,
        arguments=(),
        sources=words.WHOLE,
        composed=words.WHOLE,
        text=r"<\w",
        within=r"\bHttpServletResponse\b|JspWriter",
        after=_OTHER_TYPE,
    ),
    Sink(
        rule="redirect",
        callees="*.sendRedirect|setLocation new RedirectView RedirectView.setUrl"
        " Response.seeOther|temporaryRedirect ~(status|found|seeOther|temporaryRedirect)$.location",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
        parameters=words.ADDRESSES,
        harmless=_OWN_PLACE,
    ),
    Sink(
        rule="redirect",
        callees="*.location",
        receiver=r"ResponseEntity\.",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
    ),
    Sink(
        rule="redirect",
        callees="*.setHeader|addHeader",
        what=words.INTO_REDIRECT,
        arguments=(1,),
        when=r'^\(\s*("[lL]ocation"|(\w+\.)*LOCATION)\s*,',
        sources=words.REQUESTS,
        first=True,
        harmless=_OWN_PLACE,
    ),
    Sink(
        rule="redirect",
        callees="new ModelAndView *.setViewName",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
        text=r'"redirect:"',
    ),
)
RETURNED = (
    Returned(
        rule="redirect",
        handler=Handler(file=_MAPPED, head=_MAPPED, unless=r"@ResponseBody\b"),
        what="says where the answer of `{call}` sends the browser; allow own addresses alone",
        first=True,
        text=r'"redirect:"',
    ),
    *(
        Returned(rule="html", handler=handler, what=_ANSWER, text=text)
        for head, text in ((_MAPPED, r"<\w"), (_MAPPED + r".*(?i:html)", ""))
        for handler in (
            Handler(
                file=_RESTFUL,
                head=head,
                around=r"@RestController\b|@ResponseBody\b",
                unless=_OTHER_TYPE,
            ),
            Handler(file=_RESTFUL, head=rf"(?=.*@ResponseBody\b).*{head}", unless=_OTHER_TYPE),
        )
    ),
)
