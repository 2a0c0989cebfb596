"""Python: what packages beside the standard library offer, and less usual ways of the library."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import Assigned, Setting, Sink, Smell

_NUMBERED = r"(getpid|\btime\(|randint|random\(|\bnow\()"  # what others can guess

SINKS = (
    Sink(
        rule="sql",
        callees="RawSQL django.db.models.expressions.RawSQL ~^(spark|spark_?session|duckdb)$.sql"
        " duckdb.sql|query|execute *.exec_driver_sql|copy_expert",
        what=words.INTO_SQL,
        composed=words.PART,
        text=words.SQL,
    ),
    Sink(
        rule="shell",
        callees="*.exec_command pexpect.run|spawn invoke.run",
        what=words.INTO_SHELL,
        composed=words.PART,
    ),
    Sink(
        rule="eval",
        callees="runpy.run_path|run_module",
        what=words.INTO_CODE,
        sources=words.REQUESTS,
    ),
    Sink(
        rule="eval",
        callees="numexpr.evaluate pandas.eval asteval.Interpreter",
        what=words.INTO_CODE,
        sources=words.REQUESTS,
    ),
    Sink(
        rule="html",
        callees="~^self$.write|finish",  # Tornado
        what=words.INTO_HTML,
        sources=words.REQUESTS,
        text="<",
    ),
    Sink(
        rule="path",
        callees="gzip.open bz2.open lzma.open io.FileIO os.stat|chmod|symlink|truncate|scandir"
        " shutil.copy2|copytree|unpack_archive aiofiles.open web.FileResponse",
        what=words.INTO_PATH,
        sources=words.OUTSIDE,
        led=words.LED,
    ),
    Sink(
        rule="deserialisation",
        callees="torch.load _pickle.load|loads jsonpickle.loads pickle5.loads|load"
        " pandas.io.pickle.read_pickle",
        what=words.INTO_OBJECTS,
        unless=r"weights_only\s*=\s*True",
    ),
)
SMELLS = (
    Smell(
        rule="deserialisation",
        callees="numpy.load",
        when=r"allow_pickle\s*=\s*True",
        message="`{call}` runs what a pickled array says; leave `allow_pickle` off",
    ),
    Smell(
        rule="deserialisation",
        callees="ruamel.yaml.YAML YAML",
        when=r"typ\s*=\s*[\"']unsafe[\"']",
        message="`{call}` makes objects of any type of what the document names",
    ),
    Smell(
        rule="weak-hash",
        callees="Cryptodome.Hash.MD5.new Cryptodome.Hash.SHA1.new Crypto.Hash.SHA.new"
        " Crypto.Hash.MD4.new",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}`"),
    ),
    Smell(
        rule="weak-cipher",
        callees="Cryptodome.Cipher.DES.new Cryptodome.Cipher.DES3.new Cryptodome.Cipher.ARC4.new"
        " Cryptodome.Cipher.Blowfish.new Cryptodome.Cipher.ARC2.new CAST.new algorithms.SEED",
        message=words.CIPHER,
    ),
    Smell(
        rule="temporary",
        callees="open io.open codecs.open os.open",
        when=rf"""^\(\s*(f["']/tmp/[^"']*\{{.*{_NUMBERED}.*?["']|["']/tmp/[^"']*["']\s*(%|\.format).*"""
        rf"""{_NUMBERED}.*?)\s*,\s*(mode\s*=\s*)?(["'][wax]|os\.O_)""",
        unless=r"O_EXCL|[\"']x",
        message=words.TEMPORARY.replace("{better}", "`tempfile.mkstemp` or `NamedTemporaryFile`"),
    ),
    Smell(
        rule="temporary",
        callees="open io.open codecs.open",
        when=r"""^\(\s*os\.path\.join\(\s*tempfile\.gettempdir\(\)\s*,\s*["'][\w.-]+["']\s*\)"""
        r"""\s*,\s*(mode\s*=\s*)?["'][wa]""",
        message=words.FIXED.replace("{better}", "`tempfile`"),
    ),
    Smell(
        rule="certificates",
        callees="*.setopt",
        when=r"SSL_VERIFY(PEER|HOST)\s*,\s*(0|False)\s*\)",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="random",
        callees="random.randbytes|shuffle|uniform numpy.random.randint|choice|bytes|rand",
        named=words.SECRETS,
        unnamed=r"(?i)test|sample_?token|\A[^\n]*tokens\b|tokeni|mask|boundary",
        message=words.RANDOM.replace("{better}", "the `secrets` module"),
    ),
    Smell(
        rule="debug",
        callees="DebuggedApplication werkzeug.debug.DebuggedApplication",
        unless=r"evalex\s*=\s*False",
        message="whoever reaches `{call}` runs code on the server from the page of an error",
    ),
    Smell(
        rule="xml",
        callees="*.setFeature",
        when=r"feature_external_ges\s*,\s*(True|1)\s*\)",
        message=words.XML.replace("{mend}", "leave `feature_external_ges` off"),
    ),
    Smell(
        rule="bind",
        callees="*.listen|start_server|TCPSite asyncio.start_server ThreadingTCPServer"
        " socketserver.ThreadingTCPServer make_server wsgiref.simple_server.make_server"
        " WSGIServer",
        when=r"""["'](0\.0\.0\.0|::)["']|^\(\s*\(\s*["']{2}\s*,\s*[1-9]""",
        message=words.BIND,
    ),
    Smell(
        rule="bind",
        callees="*.add_insecure_port",
        when=r"""["'](0\.0\.0\.0|\[::\]):\d""",
        message=words.BIND,
    ),
)
SETTINGS = (
    Setting(
        rule="certificates",
        name="check_hostname",
        value="False",
        message="the host's name is not compared with its certificate: anybody's will do",
    ),
    Setting(
        rule="certificates",
        name="verify_ssl",
        value="False",
        message=words.CERTIFICATE,
    ),
    Setting(
        rule="certificates",
        name="ssl",
        value="False",
        inside=r"TCPConnector\(|(?i:session|client)\.(get|post|put|patch|delete|request|ws_connect)\(",
        file=r"\baiohttp\b",
        message=words.CERTIFICATE,
    ),
    Setting(
        rule="debug",
        name="use_debugger",
        value="True",
        message=words.DEBUG,
    ),
    Setting(
        rule="debug",
        name="debug",
        value="True",
        inside=r"\b(web\.Application|FastAPI|Starlette|Litestar|Quart|Sanic)\(",
        message=words.DEBUG,
    ),
)
ASSIGNED = (
    Assigned(
        rule="redirect",
        name="Location",
        target=r"(?i)headers\[.Location.\]$",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
    ),
)
