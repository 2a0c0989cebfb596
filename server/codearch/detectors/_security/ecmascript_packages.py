"""JavaScript and TypeScript: template engines, other frameworks, and less usual ways of Node.js."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import ARGUMENT, PARAMETER, Assigned, Setting, Sink, Smell

SINKS = (
    Sink(
        rule="sql",
        callees="Sequelize.literal sequelize.literal Sequelize.query Prisma.raw",
        what=words.INTO_SQL,
        composed=words.PART,
        text=words.SQL,
    ),
    Sink(
        rule="shell",
        callees="execa.execa|execaSync|execaCommandSync execa execaSync cross-spawn.sync",
        what=words.INTO_SHELL,
        arguments=(0, 1),
        when=r"\bshell\s*:\s*(true|[\"'])",
    ),
    Sink(
        rule="eval",
        callees="vm.compileFunction new vm.Script|Script|AsyncFunction|GeneratorFunction",
        what=words.INTO_CODE,
        sources=frozenset({*words.OUTSIDE, PARAMETER}),
        composed=frozenset({PARAMETER}),
    ),
    Sink(
        rule="html",
        callees="ejs.render|compile pug.render|compile Handlebars.compile handlebars.compile"
        " nunjucks.renderString mustache.render Mustache.render _.template lodash.template"
        " doT.template",
        what="becomes a template in `{call}`, which runs what it holds",
        sources=words.REQUESTS,
    ),
    Sink(
        rule="html",
        callees="*.bypassSecurityTrustHtml|bypassSecurityTrustScript"
        "|bypassSecurityTrustResourceUrl new Handlebars.SafeString|SafeString",
        what=words.INTO_HTML,
        composed=words.WHOLE,
        text=r"<\w|^$",
    ),
    Sink(
        rule="path",
        callees="~^(fs|fsp|promises|fse)$.access|accessSync|existsSync|lstatSync|copyFileSync"
        "|renameSync|appendFileSync|rmdirSync|mkdirSync|symlinkSync|readlinkSync|cpSync|cp"
        "|outputFile|truncate fs/promises.readFile|writeFile|unlink|rm|readdir|appendFile|open"
        " node:fs/promises.readFile|writeFile|unlink|rm|readdir|appendFile|open"
        " Bun.file|write Deno.readTextFile|readFile|open|remove|writeTextFile",
        what=words.INTO_PATH,
        sources=words.OUTSIDE,
        led=frozenset({ARGUMENT}),
    ),
    Sink(
        rule="redirect",
        callees="NextResponse.redirect Response.redirect",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
    ),
    Sink(
        rule="redirect",
        callees="~^(res|response|reply|ctx)$.setHeader|header|set",
        what=words.INTO_REDIRECT,
        arguments=(1,),
        when=r"(?i)^\(\s*[\"'`]location[\"'`]\s*,",
        sources=words.REQUESTS,
        first=True,
    ),
)
SMELLS = (
    Smell(
        rule="weak-hash",
        callees="md5 sha1",
        file=r"(require\(|from\s*)[\"'](md5|sha1|js-md5|js-sha1|blueimp-md5)[\"']",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}`"),
    ),
    Smell(
        rule="weak-hash",
        callees="~^subtle$.digest",
        constant=r"(?i)^sha-?1$",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}` with SHA-1"),
    ),
    Smell(
        rule="weak-cipher",
        callees="~^cipher$.createCipher|createDecipher forge.cipher.createCipher|createDecipher",
        constant=r"(?i)^(3?des|rc2|aes-ecb)\b",
        message=words.CIPHER,
    ),
    Smell(
        rule="certificates",
        callees="https.globalAgent.options",
        when=r"rejectUnauthorized\s*:\s*false",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="debug",
        callees="errorhandler",
        file=r"[\"']errorhandler[\"']",
        message=words.DEBUG,
    ),
)
SETTINGS = (
    Setting(
        rule="permissions",
        name="mode",
        value=r"0o?[0-7]?[0-7][0-7][237]|[\"']0?[0-7][0-7][237][\"']|0o?[0-7]?[0-57][0-57]6",
        inside=r"\b(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream)\(",
        message="everybody on this machine may write what is made with this mode",
    ),
    Setting(
        rule="certificates",
        name="checkServerIdentity",
        value=r"\(?[\w\s,]*\)?\s*=>\s*(undefined|null|\{\s*(return( undefined)?;?)?\s*\}|void 0)"
        r"|function\s*\([\w\s,]*\)\s*\{\s*(return( undefined)?;?)?\s*\}",
        message="the host's name is not compared with its certificate: anybody's will do",
    ),
    Setting(
        rule="certificates",
        name="tlsAllowInvalidCertificates",
        value="true",
        message=words.CERTIFICATE,
    ),
    Setting(
        rule="certificates",
        name="sslValidate",
        value="false",
        message=words.CERTIFICATE,
    ),
    Setting(
        rule="certificates",
        name="trustServerCertificate",
        value="true",
        message=words.CERTIFICATE,
    ),
    Setting(
        rule="weak-cipher",
        name="mode",
        value=r"(CryptoJS|forge)\.mode\.ECB",
        message="ECB shows which blocks are equal; take AES-GCM",
    ),
    Setting(
        rule="bind",
        name="hostname",
        value=r"""["'`]0\.0\.0\.0["'`]""",
        inside=r"\b(Bun|Deno)\.serve\(|\.listen\(",
        message=words.BIND,
    ),
)
ASSIGNED = (
    Assigned(
        rule="html",
        name="srcdoc",
        what=words.INTO_HTML,
        composed=words.WHOLE,
        text=r"<\w|^$",
    ),
    Assigned(
        rule="eval",
        name="$where",
        what="becomes JavaScript that the database runs",
        composed=words.PART,
    ),
    Assigned(
        rule="redirect",
        name="Location",
        what=words.INTO_REDIRECT,
        sources=words.REQUESTS,
        first=True,
    ),
)
SOURCES = (
    r"(?:req|request)\??\.(?:payload|nextUrl|url)\b",
    r"\w*(?:[fF]ile|[uU]pload)\.originalname\b",
    r"\w*[sS]earchParams\.get\(",
)
