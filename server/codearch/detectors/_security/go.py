"""Go: the standard library, and the usual routers and database packages."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import ARGUMENT, REQUEST, Setting, Sink, Smell, Table

_SECRETS = "`crypto/rand`"

_OWN_PLACE = (
    r"\.URL\.(?:Path|RawQuery|String|RequestURI)\b|\.(?:RequestURI|Host|Referer)\b|\.Header\b"
)
_OTHER_TYPE = r"(?i)content-type|json"
_REQUESTS = {
    "r": r"\*http\.Request",
    "c": r"\*gin\.Context|echo\.Context|\*fiber\.Ctx|\*?fiber\.Ctx",
}

TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees="*.Query|QueryRow|Exec|Prepare|Raw|Queryx|QueryRowx|MustExec|Select|Get"
            "|NamedExec|Where",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="sql",
            callees="*.QueryContext|QueryRowContext|ExecContext|PrepareContext|Query|QueryRow|Exec"
            "|GetContext|SelectContext|QueryxContext|QueryRowxContext|NamedExecContext"
            "|PreparexContext|MustExecContext|NamedQuery",
            what=words.INTO_SQL,
            arguments=(1,),
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="exec.Command syscall.Exec",
            what=words.INTO_SHELL,
            arguments=(2,),
            when=r"""["`](/bin/|/usr/bin/)?(ba|z|da)?sh["`]\s*,\s*["`]-\w*c["`]"""
            r"""|["`]cmd(\.exe)?["`]\s*,\s*["`]/[cC]["`]""",
        ),
        Sink(
            rule="shell",
            callees="exec.CommandContext",
            what=words.INTO_SHELL,
            arguments=(3,),
            when=r"""["`](/bin/|/usr/bin/)?(ba|z|da)?sh["`]\s*,\s*["`]-\w*c["`]"""
            r"""|["`]cmd(\.exe)?["`]\s*,\s*["`]/[cC]["`]""",
        ),
        Sink(
            rule="shell",
            callees="exec.Command",
            what="names the program that `{call}` runs",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="eval",
            callees="plugin.Open",
            what="names the plugin that `{call}` loads and runs",
            sources=words.OUTSIDE,
        ),
        Sink(
            rule="eval",
            callees="~^(vm|otto|js|runtime|L|interp|interpreter)$.Run|RunString|DoString|Eval",
            what=words.INTO_CODE,
            composed=words.PART,
        ),
        Sink(
            rule="html",
            callees="template.HTML|JS|HTMLAttr|URL",
            what="becomes HTML through `{call}` without being escaped",
            composed=words.WHOLE,
            text=r"<\w|^$",
            parameters=rf"{words.PLAIN_TEXT}|^[a-z]$",
        ),
        Sink(
            rule="html",
            callees="fmt.Fprintf|Fprint|Fprintln io.WriteString",
            what=words.INTO_HTML,
            arguments=(1, 2, 3, 4, 5),
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        *(
            Sink(
                rule="html",
                callees=callees,
                what=words.INTO_HTML,
                arguments=arguments,
                sources=words.WHOLE,
                text=r"<\w",
                within=r"http\.ResponseWriter",
                after=_OTHER_TYPE,
            )
            for callees, arguments in (
                ("fmt.Fprintf|Fprint|Fprintln io.WriteString", (1, 2, 3, 4, 5)),
                (r"~^(w|rw|writer|res\w*)$.Write", (0,)),
            )
        ),
        Sink(
            rule="html",
            callees="fmt.Fprint|Fprintln io.WriteString",
            what=words.INTO_HTML,
            arguments=(1,),
            when=r"^\(\s*(w|rw|writer|res\w*)\s*,",
            sources=words.REQUESTS,
            first=True,
            after=_OTHER_TYPE,
        ),
        Sink(
            rule="html",
            callees="~^(w|rw|resp|response|writer)$.Write",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
            first=True,
            after=_OTHER_TYPE,
        ),
        Sink(
            rule="html",
            callees="~^(w|rw|resp|response|writer)$.Write",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        Sink(
            rule="path",
            callees="os.Open|OpenFile|Create|ReadFile|WriteFile|Remove|RemoveAll|Mkdir|MkdirAll"
            "|Rename ioutil.ReadFile"
            "|WriteFile|ReadDir os.ReadDir *.File|SendFile",
            what=words.INTO_PATH,
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="html",
            callees="~Writer$.Write|WriteString",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        Sink(
            rule="html",
            callees="~^(c|ctx)$.HTML|Data|SendString",
            what=words.INTO_HTML,
            arguments=(0, 1, 2),
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        Sink(
            rule="path",
            callees="os.Stat|Lstat|Truncate|Symlink|Chmod|Link *.SaveUploadedFile|FileAttachment",
            what=words.INTO_PATH,
            arguments=(0, 1),
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="redirect",
            callees="*.Set|Add",
            what=words.INTO_REDIRECT,
            arguments=(1,),
            when=r'^\(\s*"[lL]ocation"\s*,',
            sources=words.REQUESTS,
            first=True,
        ),
        Sink(
            rule="path",
            callees="http.ServeFile",
            what=words.INTO_PATH,
            arguments=(2,),
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="redirect",
            callees="http.Redirect",
            what=words.INTO_REDIRECT,
            arguments=(2,),
            sources=words.REQUESTS,
            first=True,
            parameters=words.ADDRESSES,
            harmless=_OWN_PLACE,
        ),
        Sink(
            rule="redirect",
            callees="~^(c|ctx)$.Redirect",
            what=words.INTO_REDIRECT,
            arguments=(0, 1),
            sources=words.REQUESTS,
            first=True,
            harmless=_OWN_PLACE,
        ),
    ),
    smells=(
        Smell(
            rule="weak-hash",
            callees="crypto.md5.New|Sum crypto.sha1.New|Sum golang.org/x/crypto/md4.New md4.New",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="crypto.des.NewCipher|NewTripleDESCipher crypto.rc4.NewCipher "
            "blowfish.NewCipher cast5.NewCipher tea.NewCipher xtea.NewCipher",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="os.Create|OpenFile|WriteFile|Mkdir|MkdirAll ioutil.WriteFile",
            when=r"""^\(\s*["`]/tmp/[\w.-]*["`]|^\(\s*(filepath"""
            r"""|path)\.Join\(\s*os\.TempDir\(\)\s*,\s*["`][^"`]*["`]\s*\)""",
            message=words.TEMPORARY.replace(
                "the name that `{call}` gives", "this fixed name in the shared folder of `{call}`"
            ).replace("{better}", "`os.CreateTemp` or `os.MkdirTemp`"),
        ),
        Smell(
            rule="temporary",
            callees="os.Create|OpenFile|WriteFile|Mkdir|MkdirAll ioutil.WriteFile",
            when=r"""^\(\s*fmt\.Sprintf\(\s*["`]/tmp/[^"`]*["`],.*(Getpid|time\.Now|rand\.)""",
            message=words.TEMPORARY.replace("{better}", "`os.CreateTemp` or `os.MkdirTemp`"),
        ),
        Smell(
            rule="permissions",
            callees="os.WriteFile|OpenFile ioutil.WriteFile",
            when=r"(?<![\w.])0o?777\s*\)|os\.ModePerm\s*\)",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="random",
            callees="~^(rng|rnd|random|src|r)$.Int|Intn|Int63|Int31n|Int63n|Read|Perm|IntN",
            file=r'"math/rand(/v2)?"',
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz|bucket",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="bind",
            callees="tls.Listen net.ListenPacket fasthttp.ListenAndServe",
            when=r"""["`](0\.0\.0\.0|\[::\]):[1-9]""",
            message=words.BIND,
        ),
        Smell(
            rule="permissions",
            callees="os.Chmod *.Chmod",
            when=r"(?<![\w.])0o?[0-7]?[0-7][0-7][2367]\s*\)|os\.ModePerm\s*\)",
            unless=r"[~&]",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="syscall.Umask unix.Umask",
            when=r"^\(\s*0+\s*\)",
            after=r":?=\s*(syscall|unix)\.Umask",
            message="after `{call}(0)` everybody may write what is made, unless each call says "
            "otherwise",
        ),
        Smell(
            rule="certificates",
            callees="ssh.InsecureIgnoreHostKey",
            message="the host's key is taken as it comes: whoever answers first is believed",
        ),
        Smell(
            rule="random",
            callees="math.rand.Int|Intn|Int63|Int31n|Read|Int31|Int63n|Float64|Perm|Uint32|Uint64"
            "|IntN|N math.rand.v2.IntN|Int|N|Uint64",
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz|bucket",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="debug",
            callees="gin.SetMode",
            when=r"gin\.DebugMode",
            message=words.DEBUG,
        ),
        Smell(
            rule="bind",
            callees="net.Listen http.ListenAndServe|ListenAndServeTLS ~^(r|router|app|e|engine"
            "|server)$.Run|Listen|Start",
            when=r"""["`](0\.0\.0\.0|\[::\]):""",
            message=words.BIND,
        ),
    ),
    settings=(
        Setting(
            rule="certificates",
            name="InsecureSkipVerify",
            value="true",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="debug",
            name="Debug",
            value="true",
            inside=r"^\w+\.Debug\s*=",
            file=r"labstack/echo|gofiber|beego",
            message=words.DEBUG,
        ),
        Setting(
            rule="bind",
            name="Addr",
            value=r"""["`](0\.0\.0\.0|\[::\])(:\d+)?["`]""",
            message=words.BIND,
        ),
    ),
    sources=(
        (
            REQUEST,
            (
                r"(?:r|req|request|c\.Request|ctx\.Request)\.(?:FormValue|PostFormValue|FormFile"
                r"|URL\.Query|URL\.RawQuery|URL\.Path"
                r"|Form|PostForm|Header|Cookie|Body|PathValue|Host|RequestURI|Referer|UserAgent"
                r"|MultipartForm)\b"
            ),
        ),
        (
            REQUEST,
            (
                r"(?:c|ctx)\.(?:Query|QueryParam|Param|Params|PostForm|FormValue|FormFile"
                r"|GetHeader|Cookie|DefaultQuery|GetRawData)\("
            ),
        ),
        (REQUEST, r"mux\.Vars\(|chi\.URLParam\(|(?:ps|params)\.ByName\("),
        (REQUEST, r"ctx\.(?:QueryArgs|PostArgs|UserValue|PostBody)\("),
        (ARGUMENT, r"bufio\.New(?:Reader|Scanner)\(os\.Stdin"),
        (ARGUMENT, r"os\.Args\b|flag\.(?:Arg|Args)\("),
    ),
    requests=_REQUESTS,
    markers=(
        b"FormValue",
        b"PostForm",
        b".URL.",
        b".Header",
        b".Cookie",
        b"PathValue",
        b".Body",
        b"RequestURI",
        b"MultipartForm",
        b".Query(",
        b"QueryParam",
        b".Param(",
        b"GetRawData",
        b"mux.Vars",
        b"chi.URLParam",
        b"os.Args",
        b"ByName",
        b"QueryArgs",
        b"PostArgs",
        b"UserValue",
        b"os.Stdin",
        b"flag.Arg",
    ),
    plain_types=r"\s(?:u?int\d*|float\d+|bool|time\.Time|time\.Duration|uuid\.UUID|byte|rune)$",
    cleans={
        "*": "strconv.Atoi|ParseInt|ParseUint|ParseBool|ParseFloat|Itoa|FormatInt len "
        "uuid.Parse|MustParse int int64",
        "html": "html.EscapeString template.HTMLEscapeString|JSEscapeString|URLQueryEscaper "
        "url.QueryEscape|PathEscape"
        " strconv.Quote *.Sanitize|SanitizeBytes",
        "path": "filepath.Base path.Base securejoin.SecureJoin *.Base",
        "sql": "pq.QuoteIdentifier|QuoteLiteral *.Quote|QuoteIdentifier|Sanitize|quote|QuoteTo",
        "shell": "shellescape.Quote shellquote.Join strconv.Quote",
        "redirect": "url.QueryEscape|PathEscape",
    },
    passes="string []byte strings.TrimSpace|ToLower|ToUpper|Trim|TrimPrefix|TrimSuffix"
    "|Split|Fields|Title|TrimRight|TrimLeft"
    " filepath.Clean|Abs|FromSlash path.Clean *.Get|String|Bytes|Encode "
    "url.QueryUnescape|PathUnescape url.Parse bytes.NewReader"
    " strings.NewReader fmt.Sprint template.HTML append",
    composes="fmt.Sprintf|Sprintln strings.Join|ReplaceAll|Replace|Repeat filepath.Join "
    "path.Join url.JoinPath",
    fills={"WriteString": (-1, 0), "Write": (-1, 0), "Fprintf": (0, 1)},
    carriers=frozenset(
        {
            "type_conversion_expression",
            "unary_expression",
            "literal_element",
            "type_assertion_expression",
        }
    ),
    names=frozenset({"identifier"}),
    constant_names=r"[A-Z][A-Z\d_]+",
)
