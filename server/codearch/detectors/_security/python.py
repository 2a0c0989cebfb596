"""Python: the standard library, its database drivers, Flask, Django, FastAPI, aiohttp."""

from codearch.detectors._security import python_answers, python_packages, words
from codearch.detectors._security.tables import (
    ARGUMENT,
    REQUEST,
    Setting,
    Sink,
    Smell,
    Table,
)

_DATABASE = "~(cur|cursor|conn|connection|db|database|session|engine|sql|tx|transaction|c)$"
_SHELL_ON = r"\bshell\s*=\s*(True|1)\b"
_HTTP = (
    r"\.?(get|post|put|patch|delete|head|options|request|Session|Client|AsyncClient|send|stream)\("
)
_SECRETS = "the `secrets` module"

TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees=f"*.execute|executemany|executescript|raw|fetch|fetchrow|fetchval|read_sql"
            f"|read_sql_query {_DATABASE}.query|run",
            what=words.INTO_SQL,
            arguments=(0, "sql", "query"),
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="sql",
            callees="sqlalchemy.text text *.extra",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="os.system|popen commands.getoutput|getstatusoutput"
            " subprocess.getoutput|getstatusoutput asyncio.create_subprocess_shell",
            what=words.INTO_SHELL,
        ),
        Sink(
            rule="shell",
            callees="subprocess.run|call|check_call|check_output|Popen",
            what=words.INTO_SHELL,
            arguments=(0, "args"),
            when=_SHELL_ON,
        ),
        Sink(
            rule="shell",
            callees="subprocess.run|call|check_call|check_output|Popen",
            what=words.INTO_SHELL,
            when=r"^\(\s*[\[(]\s*[\"'](/bin/|/usr/bin/)?(ba|z|da)?sh[\"']\s*,\s*[\"']-\w*c[\"']",
        ),
        Sink(rule="eval", callees="eval exec builtins.eval|exec", what=words.INTO_CODE, spaces=1),
        Sink(
            rule="eval",
            callees="importlib.import_module __import__",
            what="names the module that `{call}` loads and runs",
            sources=frozenset({REQUEST}),
        ),
        Sink(
            rule="html",
            callees="flask.render_template_string render_template_string jinja2.Template"
            " Template *.from_string",
            what="becomes a template in `{call}`, which runs what it holds",
            composed=words.PART,
            sources=frozenset({REQUEST}),
        ),
        Sink(
            rule="html",
            callees="markupsafe.Markup Markup mark_safe django.utils.safestring.mark_safe"
            " SafeString flask.Markup",
            what=words.INTO_HTML,
            composed=words.PART,
            text=r"<|^$",
            parameters=words.PLAIN_TEXT,
        ),
        Sink(
            rule="html",
            callees="web.Response werkzeug.wrappers.Response",
            what=words.INTO_HTML,
            arguments=(0, "content", "text", "body"),
            sources=words.REQUESTS,
            text="<",
        ),
        Sink(
            rule="path",
            callees="open io.open codecs.open os.remove|unlink|rmdir|rename|open|listdir|mkdir"
            "|makedirs shutil.copy|copyfile|move|rmtree send_file flask.send_file FileResponse"
            " FileResponse pathlib.Path zipfile.ZipFile tarfile.open",
            what=words.INTO_PATH,
            arguments=(0, 1),
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="path",
            callees="*.save",
            what=words.INTO_PATH,
            sources=words.REQUESTS,
        ),
        Sink(
            rule="deserialisation",
            callees="pickle.load|loads|Unpickler cPickle.load|loads dill.load|loads"
            " cloudpickle.load|loads marshal.loads|load shelve.open jsonpickle.decode"
            " pandas.read_pickle joblib.load",
            what=words.INTO_OBJECTS,
        ),
        Sink(
            rule="redirect",
            callees="redirect flask.redirect django.shortcuts.redirect HttpResponseRedirect"
            " RedirectResponse starlette.responses.RedirectResponse *.redirect HTTPFound"
            " web.HTTPFound",
            what=words.INTO_REDIRECT,
            arguments=(0, "url", "location"),
            sources=words.REQUESTS,
            first=True,
            parameters=words.ADDRESSES,
            harmless=python_answers.OWN_PLACE,
        ),
        *python_answers.SINKS,
        *python_packages.SINKS,
    ),
    smells=(
        Smell(
            rule="deserialisation",
            callees="yaml.load|load_all",
            unless=r"Loader\s*=\s*(?!(yaml\.)?(C|Unsafe|CUnsafe)?Loader\b)|,\s*(?!Loader\s*="
            r"|(yaml\.)?(C|Unsafe)?Loader\b)\w",
            message="`{call}` makes objects of any type of what the document names; take "
            "`yaml.safe_load`",
        ),
        Smell(
            rule="deserialisation",
            callees="yaml.unsafe_load|unsafe_load_all",
            message="`{call}` makes objects of any type of what the document names; take "
            "`yaml.safe_load`",
        ),
        Smell(
            rule="weak-hash",
            callees="hashlib.md5|sha1 Crypto.Hash.MD5.new Crypto.Hash.SHA1.new hashes.MD5|SHA1",
            unless=r"usedforsecurity\s*=\s*False",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-hash",
            callees="hashlib.new",
            constant=r"(?i)^(md[245]|sha-?1)$",
            unless=r"usedforsecurity\s*=\s*False",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="DES.new DES3.new ARC4.new ARC2.new Blowfish.new algorithms.ARC4|Blowfish"
            "|TripleDES|IDEA|CAST5"
            " modes.ECB Crypto.Cipher.DES.new Crypto.Cipher.ARC4.new",
            message=words.CIPHER,
        ),
        Smell(
            rule="weak-cipher",
            callees="AES.new Crypto.Cipher.AES.new",
            when=r"MODE_ECB",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="tempfile.mktemp os.tempnam|tmpnam",
            unless=r"\\pipe\\",
            message=words.TEMPORARY.replace(
                "{better}", "`tempfile.mkstemp` or `NamedTemporaryFile`"
            ),
        ),
        Smell(
            rule="temporary",
            callees="open io.open codecs.open",
            when=r"""^\(\s*[fr]?["']/tmp/[\w.-]+["']\s*,\s*(mode\s*=\s*)?["'][wa]""",
            message=words.FIXED.replace("{better}", "`tempfile`"),
        ),
        Smell(
            rule="permissions",
            callees="os.chmod|fchmod|lchmod *.chmod",
            when=r"\b0o?[0-7]?[0-7][0-7][2367]\s*\)|S_IWOTH|S_IRWXO",
            unless=r"[~&]|0o?1777",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="os.umask",
            when=r"^\(\s*(0|0o0+)\s*\)",
            message="after `{call}(0)` everybody may write what is made, unless each call says "
            "otherwise",
            after=r"umask\(\s*[a-z]\w*",
        ),
        Smell(
            rule="certificates",
            callees="ssl._create_unverified_context",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.set_missing_host_key_policy",
            when=r"AutoAddPolicy|WarningPolicy",
            message="the host's key is taken as it comes: whoever answers first is believed",
        ),
        Smell(
            rule="random",
            callees="random.choice|choices|randint|random|randrange|getrandbits|sample",
            named=words.SECRETS,
            unnamed=r"(?i)test|sample_?token|\A[^\n]*tokens\b|tokeni|mask|boundary",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="debug",
            callees="~^(app|application|server|api)$.run uvicorn.run",
            when=r"\bdebug\s*=\s*True\b",
            message=words.DEBUG,
        ),
        Smell(
            rule="xml",
            callees="xml.sax.make_parser",
            after=r"feature_external_ges\s*,\s*(False|0)|defused",
            file=r"feature_external_ges\s*,\s*(True|1)",
            message=words.XML.replace("{mend}", "leave `feature_external_ges` off"),
        ),
        Smell(
            rule="xml",
            callees="lxml.etree.XMLParser etree.XMLParser",
            when=r"resolve_entities\s*=\s*True|no_network\s*=\s*False|load_dtd\s*=\s*True",
            message=words.XML.replace("{mend}", "pass `resolve_entities=False`"),
        ),
        Smell(
            rule="bind",
            callees="*.bind|run|run_simple|create_server|HTTPServer HTTPServer "
            "http.server.HTTPServer ThreadingHTTPServer"
            " http.server.ThreadingHTTPServer socketserver.TCPServer uvicorn.run "
            "web.run_app socket.create_server",
            when=r"""["'](0\.0\.0\.0|::)["']|^\(\s*\(\s*["']{2}\s*,\s*[1-9]""",
            unless=r"""["'],\s*0\s*\)""",
            message=words.BIND,
        ),
        *python_packages.SMELLS,
    ),
    settings=(
        *python_packages.SETTINGS,
        Setting(
            rule="certificates",
            name="verify",
            value="False",
            inside=_HTTP,
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="verify",
            value="False",
            inside=r"(?i)^(self\.)?_?(\w*session|client|http)\.verify\s*=",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="verify_mode",
            value=r"(ssl\.)?CERT_NONE",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="cert_reqs",
            value=r"(ssl\.)?CERT_NONE|[\"']CERT_NONE[\"']",
            inside=r"\w\(",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="_create_default_https_context",
            value=r"ssl\._create_unverified_context",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="debug",
            name="debug",
            value="True",
            inside=r"^(app|application)\.debug\s*=",
            message=words.DEBUG,
        ),
        Setting(
            rule="debug",
            name="DEBUG",
            value="True",
            inside=r"^(app\.config\[.DEBUG.\]|DEBUG)\s*=",
            file=r"INSTALLED_APPS|ROOT_URLCONF|flask",
            message=words.DEBUG,
        ),
        Setting(
            rule="html",
            name="autoescape",
            value="False",
            inside=r"Environment\(",
            message="templates are filled without escaping: what is given to them becomes HTML",
            file=r"(?i)html|flask|django|starlette",
        ),
    ),
    assigned=python_packages.ASSIGNED,
    returned=python_answers.RETURNED,
    sources=(
        (
            REQUEST,
            (
                r"(?:flask\.|self\.)?_?request\.(?:args|form|values|json|data|files|cookies"
                r"|headers|GET|POST"
                r"|FILES|COOKIES|META|query_params|path_params|query|match_info|get_json\(|get_data\("
                r"|post\(|body|query_string|url\b|full_path|path_info|params)\b"
            ),
        ),
        (REQUEST, r"self\.get_(?:query_|body_)?arguments?\("),
        (REQUEST, r"(?:os\.|self\.)?environ(?:\.get\(|\[)[\"'](?:QUERY_STRING|PATH_INFO|HTTP_\w+)"),
        (REQUEST, r"event(?:\.get\(|\[)[\"'](?:body|queryStringParameters|pathParameters|headers)"),
        (REQUEST, r"req\.(?:get_param\w*\(|get_media\(|params\b|media\b|bounded_stream\b)"),
        (REQUEST, r"cgi\.FieldStorage\("),
        (ARGUMENT, r"sys\.argv\b"),
        (ARGUMENT, r"(?:raw_)?input\("),
        (ARGUMENT, r"sys\.stdin\b"),
        (ARGUMENT, r"[\w.()]*parse_(?:known_)?args\("),
    ),
    markers=(
        b"request.",
        b": Request",
        b"argv",
        b"_args(",
        b"input(",
        b"stdin",
        b"get_argument",
        b"environ",
        b"event",
        b"req.",
        b"FieldStorage",
        b"UploadFile",
        b"Query(",
        b"typer",
        b"fastapi",
        b"flask",
    ),
    source_parameters=r":\s*(?:\w+\.)?UploadFile\b|=\s*(?:fastapi\.)?(?:Query|Form|Header|Cookie|Path|Body)\(",
    argument_parameters=r"=\s*typer\.(?:Argument|Option)\(",
    handlers=python_answers.HANDLERS,
    requests={"request": r"(?:\w+\.)*(?:Http|WSGI|ASGI)?Request"},
    plain_types=r":\s*(?:int|float|bool|Decimal|UUID|uuid\.UUID|date|datetime|bytes|Literal\[.*)"
    r"(?:\s*\|\s*None)?\s*(?:=|$)|:\s*Optional\[(?:int|float|bool)\]",
    cleans={
        "*": "int float bool len hash abs round ord id uuid.UUID isinstance ?.isoformat hash",
        "shell": "shlex.quote|join pipes.quote quote subprocess.list2cmdline",
        "html": "html.escape escape markupsafe.escape conditional_escape bleach.clean cgi.escape"
        " format_html json.dumps flask.escape django.utils.html.escape urllib.parse.quote quote",
        "path": "secure_filename werkzeug.utils.secure_filename os.path.basename basename"
        " safe_join flask.safe_join werkzeug.utils.safe_join werkzeug.security.safe_join",
        "sql": "~ops.quote_name ?.quote_name|quote_identifier|quote_ident|escape_string|Identifier"
        "|escape_identifier|escape|literal|mogrify",
        "redirect": "url_for flask.url_for reverse django.urls.reverse "
        "url_has_allowed_host_and_scheme",
        "eval": "repr ast.literal_eval",
    },
    passes="compile str bytes list tuple sorted set next iter os.fspath|fsencode|fsdecode "
    "os.path.abspath|realpath|normpath|expanduser"
    " pathlib.Path Path *.strip|lstrip|rstrip|lower|upper|title|encode|decode|get"
    "|pop|split|rsplit|splitlines"
    "|getlist|read|items|values|keys|format_map|copy|resolve|absolute|as_posix|getvalue|partition"
    "|rpartition|readline urllib.parse.unquote unquote textwrap.dedent dedent json.loads json.dumps"
    " base64.b64decode|urlsafe_b64decode io.BytesIO io.StringIO BytesIO StringIO max min",
    composes="*.format|join|replace|joinpath os.path.join urllib.parse.urljoin",
    fills={"append": (-1, 0), "extend": (-1, 0), "write": (-1, 0)},
    sums=frozenset({"+", "%", "/"}),
    carriers=frozenset(
        {"await", "parenthesized_expression", "keyword_argument", "interpolation", "list_splat"}
    ),
    keywords={"keyword_argument": ("name", "value")},
)
