"""JavaScript and TypeScript: browsers, Node.js, Express, Koa and their database drivers."""

from codearch.detectors._security import ecmascript_answers, ecmascript_packages, words
from codearch.detectors._security.tables import (
    ARGUMENT,
    PARAMETER,
    REQUEST,
    Assigned,
    Setting,
    Sink,
    Smell,
    Table,
)

_DATABASE = (
    r"~(^|_|\b)(db|database|conn|connection|client|pool|sql|mysql|pg|knex|sequelize|trx|tx"
    r"|transaction|manager|queryRunner|entityManager|prisma|sqlite)$"
)
_SHELLS = r"""^\(\s*["'`](/bin/)?(ba|z|da)?sh["'`]\s*,\s*\[\s*["'`]-\w*c["'`]"""
_SECRETS = "`crypto.randomBytes` or `crypto.getRandomValues`"
_HTML = r"<\w|^$"

TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees=f"{_DATABASE}.query|execute|raw|run|all|get|each|exec|prepare|any|one|none"
            f"|manyOrNone"
            "|oneOrNone *.$queryRawUnsafe|$executeRawUnsafe|whereRaw|orderByRaw|havingRaw"
            "|selectRaw|joinRaw",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="child_process.exec|execSync ~^(cp|child_?process|childProc|shell"
            "|shelljs)$.exec|execSync"
            " shelljs.exec execa.execaCommand|command",
            what=words.INTO_SHELL,
        ),
        Sink(
            rule="shell",
            callees="child_process.spawn|spawnSync|execFile|execFileSync"
            " ~^(cp|child_?process)$.spawn|spawnSync|execFile|execFileSync",
            what=words.INTO_SHELL,
            arguments=(0, 1),
            when=r"\bshell\s*:\s*(true|[\"'])|" + _SHELLS,
        ),
        Sink(
            rule="eval",
            callees="eval new Function vm.runInNewContext|runInThisContext|runInContext",
            what=words.INTO_CODE,
            arguments=(0, 1),
        ),
        Sink(
            rule="eval",
            callees="setTimeout setInterval window.setTimeout|setInterval",
            what=words.INTO_CODE,
            composed=frozenset({PARAMETER, ARGUMENT, REQUEST}),
        ),
        Sink(
            rule="eval",
            callees="require",
            what="names the module that `{call}` loads and runs",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="html",
            callees="document.write|writeln *.insertAdjacentHTML|createContextualFragment",
            what=words.INTO_HTML,
            arguments=(0, 1),
            composed=words.WHOLE,
            text=_HTML,
            parameters=words.PLAIN_TEXT,
        ),
        Sink(
            rule="html",
            callees=r"~^\$.html|append|prepend|before|after ~^\$el\w*|\$\w+$.html",
            what=words.INTO_HTML,
            sources=frozenset({REQUEST, PARAMETER}),
            composed=words.WHOLE,
            text=r"<\w|^$",
            parameters=words.PLAIN_TEXT,
        ),
        Sink(
            rule="path",
            callees="~^(fs|fsp|promises|fse)$.readFile|readFileSync|writeFile|writeFileSync"
            "|createReadStream"
            "|createWriteStream|unlink|unlinkSync|rm|rmSync|readdir|readdirSync|appendFile"
            "|open|openSync|rename"
            "|stat|statSync|copyFile fs.readFile|readFileSync|writeFile|writeFileSync"
            "|createReadStream"
            "|createWriteStream|unlink|unlinkSync fs.promises.readFile|writeFile|unlink "
            "*.sendFile|download",
            what=words.INTO_PATH,
            unless=r"\broot\s*:",
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="deserialisation",
            callees="node-serialize.unserialize ~serialize$.unserialize funcster.deepDeserialize"
            " v8.deserialize cryo.parse",
            what=words.INTO_OBJECTS,
        ),
        *ecmascript_answers.SINKS,
        Sink(
            rule="xml",
            callees="libxmljs.parseXml|parseXmlString ~^libxml\\w*$.parseXml|parseXmlString",
            what=words.XML.replace("`{call}` resolves", "is XML, and `{call}` resolves").replace(
                "{mend}", "leave `noent` off"
            ),
            when=r"noent\s*:\s*true",
        ),
        *ecmascript_packages.SINKS,
    ),
    smells=(
        Smell(
            rule="deserialisation",
            callees="yaml.load ~^(js)?yaml$.load",
            when=r"DEFAULT_FULL_SCHEMA|unsafe",
            message="`{call}` makes functions of what the document says; leave the schema at its "
            "default",
        ),
        Smell(
            rule="weak-hash",
            callees="crypto.createHash createHash",
            constant=r"(?i)^(md[45]|sha-?1)$",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}` with MD5 or SHA-1"),
        ),
        Smell(
            rule="weak-hash",
            callees="CryptoJS.MD5|SHA1",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="crypto.createCipheriv|createDecipheriv createCipheriv|createDecipheriv",
            constant=r"(?i)^(des|rc[24]|bf|blowfish|idea|cast)|ecb",
            message=words.CIPHER,
        ),
        Smell(
            rule="weak-cipher",
            callees="crypto.createCipher|createDecipher",
            message="`{call}` makes its key of one round of MD5 and has no IV; take "
            "`createCipheriv` with AES-GCM",
        ),
        Smell(
            rule="weak-cipher",
            callees="CryptoJS.DES.encrypt|decrypt CryptoJS.RC4.encrypt CryptoJS.TripleDES.encrypt",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="tmp.tmpNameSync|tmpName ~^tmp$.tmpNameSync|tmpName",
            message=words.TEMPORARY.replace("{better}", "`tmp.file` or `fs.mkdtemp`"),
        ),
        Smell(
            rule="temporary",
            callees="fs.writeFile|writeFileSync|createWriteStream|mkdirSync|mkdir",
            when=r"""^\(\s*([`"']/tmp/|path\.join\(\s*os\.tmpdir\(\)).{0,60}(Date\.now|Math\.random"""
            r"""|process\.pid)""",
            message=words.TEMPORARY.replace("{better}", "`fs.mkdtemp`"),
        ),
        Smell(
            rule="temporary",
            callees="fs.writeFile|writeFileSync|createWriteStream|appendFile|appendFileSync",
            when=r"""^\(\s*(["'`])/tmp/[\w.-]+\1""",
            message=words.FIXED.replace("{better}", "`fs.mkdtemp`"),
        ),
        Smell(
            rule="permissions",
            callees="fs.chmod|chmodSync|fchmod|fchmodSync ~^(fs|fsp|promises)$.chmod|chmodSync",
            when=r"(?<![\w.])(0o?|[\"']0?)[0-7]?[0-7][0-7][2367]\b",
            unless=r"[~&]|1777",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="process.umask",
            when=r"^\(\s*0(o0+|00)?\s*\)",
            message="after `{call}(0)` everybody may write what is made, unless each call says "
            "otherwise",
        ),
        Smell(
            rule="random",
            callees="Math.random",
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz|mask|cursor|animat|hint",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="debug",
            callees="~^(app|server)$.use",
            when=r"^\(\s*(errorhandler|errorHandler"
            r"|express\.errorHandler)\(\s*\{.*dumpExceptions\s*:\s*true",
            message=words.DEBUG,
        ),
        Smell(
            rule="debug",
            callees="inspector.open",
            when=r"0\.0\.0\.0",
            message="whoever reaches the inspector's port runs code in this process",
        ),
        Smell(
            rule="bind",
            callees="*.listen|bind",
            when=r"""["'`](0\.0\.0\.0|::)["'`]""",
            message=words.BIND,
        ),
        *ecmascript_packages.SMELLS,
    ),
    settings=(
        *ecmascript_packages.SETTINGS,
        Setting(
            rule="certificates",
            name="rejectUnauthorized",
            value="false",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="strictSSL",
            value="false",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="NODE_TLS_REJECT_UNAUTHORIZED",
            value="[\"'`]?0[\"'`]?",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="debug",
            name="graphiql",
            value="true",
            inside=r"(?i)graphqlHTTP\(|ApolloServer\(|graphql",
            message=words.DEBUG,
        ),
        Setting(
            rule="xml",
            name="noent",
            value="true",
            message=words.XML.replace("`{call}`", "this reader").replace(
                "{mend}", "leave `noent` off"
            ),
        ),
        Setting(
            rule="bind",
            name="host",
            value=r"""["'`]0\.0\.0\.0["'`]""",
            inside=r"\.listen\(",
            message=words.BIND,
        ),
    ),
    assigned=(
        *ecmascript_packages.ASSIGNED,
        *ecmascript_answers.ASSIGNED,
        Assigned(
            rule="html",
            name="__html",
            what="becomes HTML through `dangerouslySetInnerHTML` without being escaped",
            sources=frozenset({REQUEST, PARAMETER}),
            composed=words.WHOLE,
            text=_HTML,
            parameters=words.PLAIN_TEXT,
        ),
    ),
    returned=ecmascript_answers.RETURNED,
    requests=ecmascript_answers.REQUESTS,
    sources=(
        (
            REQUEST,
            (
                r"(?:req|request|ctx|ctx\.request|context\.request|ctx\.req|c\.req"
                r"|event)\??\.(?:query|body|params"
                r"|headers|cookies|files?|queryStringParameters|pathParameters|rawBody"
                r"|signedCookies|originalUrl"
                r"|param\(|query\(|header\(|header\b)"
            ),
        ),
        (
            REQUEST,
            (
                r"(?:window\.|document\.|self\.|globalThis\.)?location\.(?:search|hash|href)\b"
                r"|document\.(?:URL|documentURI|referrer|cookie)\b"
            ),
        ),
        *((REQUEST, each) for each in ecmascript_packages.SOURCES),
        (ARGUMENT, r"document\.(?:getElementById|querySelector)\([^()]*\)\.value\b"),
        (ARGUMENT, r"process\.argv\b"),
    ),
    markers=(
        b"req.",
        b": Request",
        b"request.",
        b"req?.",
        b"event?.",
        b"ctx",
        b".body",
        b"location",
        b"document.",
        b"event.",
        b"argv",
        b"originalname",
        b"earchParams",
        b"@Query",
        b"@Param",
        b"@Body",
    ),
    source_parameters=r"@(?:Query|Param|Body|Headers?|UploadedFile)\(",
    plain_types=r":\s*(?:number|boolean|bigint|Date)\s*(?:\|\s*(?:null|undefined)\s*)*(?:=|$)",
    cleans={
        "*": "Number parseInt parseFloat Number.parseInt|parseFloat Boolean *.toFixed"
        "|getTime|indexOf|test|includes"
        "|startsWith|endsWith BigInt String.raw",
        "html": "encodeURIComponent escape escapeHtml escapeHTML DOMPurify.sanitize sanitize "
        "sanitizeHtml"
        " _.escape he.encode|escape *.sanitize|escapeHtml|escapeHTML|escapeExpression"
        "|encode|escape xss htmlEscape"
        " escapeXml html encodeURI validator.escape i18n.t t",
        "shell": "shellEscape shellescape shell-quote.quote quote shellQuote escapeShellArg "
        "*.escapeShellArg"
        " JSON.stringify",
        "path": "path.basename basename sanitize sanitize-filename",
        "sql": "*.escape|escapeId|escapeLiteral|escapeIdentifier|escapeName|format escape|escapeId",
        "eval": "JSON.stringify",
        "redirect": "encodeURIComponent",
    },
    passes="String *.toString|trim|toLowerCase|toUpperCase|slice|substring|substr|split"
    "|get|at|pop|shift|filter|flat"
    "|normalize|valueOf|charAt|decode|reverse|match new String|URL|URLSearchParams"
    "|Buffer Buffer.from decodeURIComponent decodeURI unescape"
    " path.normalize|resolve Array.from JSON.parse util.format",
    composes="path.join|resolve *.join|concat|replace|replaceAll|padEnd|padStart url.resolve",
    fills={"push": (-1, 0)},
    carriers=frozenset(
        {
            "await_expression",
            "type_assertion",
            "satisfies_expression",
            "template_substitution",
            "spread_element",
            "jsx_expression",
        }
    ),
    names=frozenset({"identifier", "shorthand_property_identifier"}),
)
