"""Python: functions that answer requests, and what becomes their answer."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import Handler, Returned, Sink

OWN_PLACE = (  # an address of this site, or where somebody came from
    r"(?i)request\.(?:url|full_path|path_info|path|base_url|referrer)\b|get_full_path|referr?er"
    r"|PATH_INFO|SCRIPT_NAME|HTTP_HOST"
)
_ROUTE = r"@?[\w.]*\.(?:route|get|post|put|delete|patch)\("
_OTHERS = (  # parameters that a framework passes in
    r"^(?:self|cls|request|req|db|session)\b|\bDepends\(|\bSecurity\(|:\s*(?:\w+\.)*(?:\w*Request|\w*Response"
    r"|BackgroundTasks|WebSocket|\w*Session|\w*Service|\w*Repository|\w*Settings|\w*Connection)\b"
)
_FLASK = r"\b(?:flask|quart)\b"
_FASTAPI = r"\bfastapi\b"
_NO_PAGE = r"\.(?:json|get_json|files|get_data|data|is_json|headers)\b"
_OTHER_TYPE = (
    r"(?i)(?:content_type|mimetype|media_type)\s*=\s*[\"'](?!text/html)"
    r"|content.type.{1,9}(?:json|plain|csv)"
)

HANDLERS = (
    Handler(
        file=_ROUTE,
        head=_ROUTE + r".*[<{]",
        others=_OTHERS,
        plain=r"<(?:int|float|uuid|any\([^)]*\)):NAME>",
    ),
    Handler(file=_FASTAPI, head=_ROUTE, others=_OTHERS),
)
SINKS = (
    Sink(
        rule="html",
        callees="HttpResponse django.http.HttpResponse HTMLResponse",
        what=words.INTO_HTML,
        arguments=(0, "content"),
        sources=words.REQUESTS,
        unless=_OTHER_TYPE,
        parameters=words.PLAIN_TEXT,
    ),
    Sink(
        rule="html",
        callees="make_response flask.make_response flask.Response",
        what=words.INTO_HTML,
        arguments=(0, "response"),
        sources=words.REQUESTS,
        unless=_OTHER_TYPE,
        after=_OTHER_TYPE,
        harmless=_NO_PAGE,
    ),
)
RETURNED = (
    Returned(
        rule="html",
        handler=Handler(file=_FLASK, head=r"@?[\w.]*\.(?:route|get|post)\("),
        what="becomes HTML in the answer of `{call}` without being escaped",
        harmless=_NO_PAGE,
    ),
    Returned(
        rule="html",
        handler=Handler(
            file=_FASTAPI, head=_ROUTE + r".*response_class\s*=\s*(?:\w+\.)*HTMLResponse"
        ),
        what="becomes HTML in the answer of `{call}` without being escaped",
    ),
)
