"""Java: JDBC, servlets, Spring, JAX-RS and the standard library."""

from codearch.detectors._security import java_answers, words
from codearch.detectors._security.tables import (
    ARGUMENT,
    REQUEST,
    Defined,
    Sink,
    Smell,
    Table,
)

_NO_DOCTYPE = (
    r"disallow-doctype-decl|external-general-entities|FEATURE_SECURE_PROCESSING|ACCESS_EXTERNAL"
    r"|setExpandEntityReferences\s*\(\s*false|SUPPORT_DTD|IS_SUPPORTING_EXTERNAL|setEntityResolver"
    r"|\.newDocument\(\)|setXMLResolver|supportDTD|RESOLVE"
)
_MEND = "forbid DOCTYPE (`disallow-doctype-decl`)"

TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees="*.executeQuery|executeUpdate|execute|executeLargeUpdate|addBatch"
            "|prepareStatement|prepareCall"
            "|createQuery|createNativeQuery|createSQLQuery|queryForObject|queryForList"
            "|queryForMap|query|update"
            "|batchUpdate|queryForRowSet|nativeSQL|sql|rawQuery|execSQL|compileStatement|newQuery"
            "|queryForStream|queryForObjectAndNull",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="~^(getRuntime|rt|runtime|r)$.exec Runtime.exec",
            what="becomes part of a command in `{call}`; pass an array of arguments",
            unless=r"^\(\s*new\s+String\s*\[",
            composed=words.PART,
        ),
        Sink(
            rule="shell",
            callees="~^(getRuntime|rt|runtime)$.exec Runtime.exec new ProcessBuilder *.command",
            what=words.INTO_SHELL,
            arguments=(),
            when=r"""["'](/bin/|/usr/bin/)?(ba|z|da)?sh["']\s*,\s*["']-\w*c["']"""
            r"""|["']cmd(\.exe)?["']\s*,\s*["']/[cC]["']""",
        ),
        Sink(
            rule="eval",
            callees="~(engine|scriptEngine|js|nashorn|groovy|shell)$.eval|evaluate "
            "ScriptEngine.eval GroovyShell.evaluate|parse",
            what=words.INTO_CODE,
        ),
        Sink(
            rule="eval",
            callees="*.parseExpression|parseClass|createExpression Ognl.getValue|parseExpression"
            " MVEL.eval|executeExpression Velocity.evaluate",
            what=words.INTO_CODE,
            sources=frozenset({REQUEST, ARGUMENT}),
        ),
        Sink(
            rule="eval",
            callees="InitialContext.lookup"
            " ~^(ctx|context|initialContext|jndi\\w*|naming\\w*)$.lookup",
            what="names what `{call}` loads and makes",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="shell",
            callees="CommandLine.parse",
            what="becomes part of a command in `{call}`; pass an array of arguments",
            composed=words.PART,
        ),
        Sink(
            rule="eval",
            callees="Class.forName",
            what="names the class that `{call}` loads",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="path",
            callees="new File|FileInputStream|FileOutputStream|FileReader|FileWriter"
            "|RandomAccessFile|ZipFile"
            " Paths.get Path.of Files.newInputStream|newOutputStream|readAllBytes|delete"
            "|copy|write|readString|readAllLines|lines|newBufferedReader|newBufferedWriter"
            "|writeString|move|createFile|createDirectories|deleteIfExists"
            " new PrintWriter|FileSystemResource|JarFile|FileUrlResource *.transferTo",
            what=words.INTO_PATH,
            arguments=(0, 1),
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="deserialisation",
            callees="new ObjectInputStream|XMLDecoder|HessianInput|Hessian2Input"
            " SerializationUtils.deserialize",
            what=words.INTO_OBJECTS,
        ),
        Sink(
            rule="deserialisation",
            callees="XStream.fromXML ~xstream$.fromXML ~^(kryo)$.readClassAndObject",
            what=words.INTO_OBJECTS,
        ),
        *java_answers.SINKS,
    ),
    smells=(
        Smell(
            rule="deserialisation",
            callees="new Yaml",
            when=r"^\(\s*(new\s+Constructor\(.*)?\)$",
            file=r"org\.yaml\.snakeyaml",
            after=r"SafeConstructor|loadAs|\.dump\(|\.represent|\.compose\(|\.parse\(",
            message="`{call}` reads objects of any type that a document names; pass a "
            "`SafeConstructor`",
        ),
        Smell(
            rule="deserialisation",
            callees="*.enableDefaultTyping",
            message="`{call}` lets a document name the types that are made of it",
        ),
        Smell(
            rule="weak-hash",
            callees="MessageDigest.getInstance",
            constant=r"(?i)^(md[245]|sha-?1|sha)$",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}` with MD5 or SHA-1"),
        ),
        Smell(
            rule="weak-hash",
            callees="DigestUtils.md5|md5Hex|md5DigestAsHex|sha1|sha1Hex|sha|shaHex "
            "Hashing.md5|sha1",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="Cipher.getInstance KeyGenerator.getInstance SecretKeyFactory.getInstance",
            constant=r"(?i)^(des(/|ede|$)|rc[245]|arcfour|blowfish|idea|null)|(?<!rsa)/ecb/|^AES$",
            unless=r"(?i)PBKDF|wrap",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="new File",
            when=r"""^\(\s*("/tmp/|System\.getProperty\(\s*"java\.io\.tmpdir"\s*\)).{0,60}(currentTimeMillis|nanoTime|nextInt|Math\.random)""",
            message=words.TEMPORARY.replace("{better}", "`Files.createTempFile`"),
        ),
        Smell(
            rule="temporary",
            callees="new FileWriter|FileOutputStream|PrintWriter|RandomAccessFile Files.write"
            "|writeString|newOutputStream|newBufferedWriter|createDirectory|createFile",
            when=r"""^\(\s*((Paths\.get|Path\.of|new File)\(\s*)?"/tmp/[\w.-]+"\s*[,)](?!\s*"r")""",
            message=words.FIXED.replace("{better}", "`Files.createTempFile`"),
        ),
        Smell(
            rule="temporary",
            callees="new File|FileWriter|FileOutputStream|PrintWriter Paths.get Path.of",
            when=r"""^\(\s*System\.getProperty\(\s*"java\.io\.tmpdir"\s*\)"""
            r"""\s*[+,]\s*"/?[\w-]+\.\w+"\s*[,)]""",
            message=words.FIXED.replace("{better}", "`Files.createTempFile`"),
        ),
        Smell(
            rule="deserialisation",
            callees="*.setAutoTypeSupport",
            when=r"^\(\s*true\s*\)",
            message="`{call}` lets a document name the types that are made of it",
        ),
        Smell(
            rule="deserialisation",
            callees="*.activateDefaultTyping",
            when=r"LaissezFaire",
            message="`{call}` lets a document name the types that are made of it",
        ),
        Smell(
            rule="weak-cipher",
            callees="new DESKeySpec|DESedeKeySpec|RC2ParameterSpec",
            message=words.CIPHER,
        ),
        Smell(
            rule="permissions",
            callees="*.add EnumSet.of Set.of",
            when=r"\bOTHERS_WRITE\b",
            message="everybody on this machine may write what gets these permissions",
        ),
        Smell(
            rule="certificates",
            callees="*.trustManager",
            when=r"InsecureTrustManagerFactory",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.setEndpointIdentificationAlgorithm",
            when=r"^\(\s*(null|\"\")\s*\)",
            message="the host's name is not compared with its certificate: anybody's will do",
        ),
        Smell(
            rule="certificates",
            callees="*.setTrustAll",
            when=r"^\(\s*true\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.setVerifyHost|verifyHost",
            when=r"^\(\s*false\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="temporary",
            callees="Files.createTempDir",
            message=words.TEMPORARY.replace(
                "{better}", "`java.nio.file.Files.createTempDirectory`"
            ),
        ),
        Smell(
            rule="permissions",
            callees="*.setWritable|setReadable|setExecutable",
            when=r"^\(\s*true\s*,\s*false\s*\)",
            message=words.EVERYBODY.replace("write", "use"),
        ),
        Smell(
            rule="permissions",
            callees="PosixFilePermissions.fromString",
            constant=r"^.{7}w",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="*.openFileOutput|getSharedPreferences|getDir|openOrCreateDatabase",
            when=r"MODE_WORLD_(WRITE|READ)ABLE",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="certificates",
            callees="*.setHostnameVerifier|setDefaultHostnameVerifier|setSSLHostnameVerifier"
            "|hostnameVerifier",
            when=r"(?i)->\s*true|->\s*\{\s*return\s+true|NoopHostnameVerifier|ALLOW_?ALL|AllowAll"
            r"|NullHostname|TrustAll"
            r"|new\s+HostnameVerifier\s*\(\s*\)\s*\{[^}]*\{\s*return\s+true",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.loadTrustMaterial",
            when=r"TrustAllStrategy|->\s*true|TrustSelfSigned",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="random",
            callees="new Random Math.random RandomStringUtils.random|randomAlphanumeric"
            "|randomAlphabetic|randomNumeric"
            " ~^(rand|random|rnd|r)$.nextInt|nextBytes|nextLong ThreadLocalRandom.current",
            named=words.SECRETS,
            unnamed=r"(?i)\bSecureRandom\b|secureRandom|\A[^\n]*tokens\b|tokeniz",
            after=r"SecureRandom",
            message=words.RANDOM.replace("{better}", "`SecureRandom`"),
        ),
        Smell(
            rule="debug",
            callees="*.setWebContentsDebuggingEnabled",
            when=r"^\(\s*true\s*\)",
            message=words.DEBUG,
        ),
        Smell(
            rule="debug",
            callees="*.printStackTrace",
            when=r"(?i)^\(\s*(\w*response|resp|res)\.getWriter\(\)",
            message="the page shows where and how the program fails to whoever calls",
        ),
        Smell(
            rule="xml",
            callees="DocumentBuilderFactory.newInstance SAXParserFactory.newInstance "
            "XMLInputFactory.newInstance|newFactory"
            " SAXReader.createDefault new SAXBuilder|SAXReader XMLReaderFactory.createXMLReader",
            file=r"(?:[bB]uilder|[pP]arser|[rR]eader|\(\))\.(?:parse|build|read)\("
            r"|createXML(?:Stream|Event)Reader|getXMLReader",
            after=_NO_DOCTYPE,
            unnamed=r"\.newDocument\(\)",
            message=words.XML.replace("{mend}", _MEND),
        ),
        Smell(
            rule="xml",
            callees="*.setExpandEntityReferences",
            when=r"^\(\s*true\s*\)",
            message=words.XML.replace("{mend}", _MEND),
        ),
        Smell(
            rule="bind",
            callees="new InetSocketAddress *.bind InetAddress.getByName *.setHost",
            when=r'"(0\.0\.0\.0|::)"',
            message=words.BIND,
        ),
    ),
    returned=java_answers.RETURNED,
    defined=(
        Defined(
            rule="certificates",
            name="checkServerTrusted",
            text=r"\{\s*(return;\s*)?\}\s*\Z",
            message=words.CERTIFICATE,
        ),
        Defined(
            rule="certificates",
            name="verify",
            text=r"\(\s*(final\s+)?String\s+\w+\s*,\s*(final\s+)?(\w+\.)*SSLSession\s+\w+\s*\)"
            r"\s*\{\s*return\s+true;\s*\}",
            message=words.CERTIFICATE,
        ),
    ),
    sources=(
        (
            REQUEST,
            (
                r"(?:\w*[rR]equest|req|httpRequest|this\.request)\.(?:getParameter\w*"
                r"|getHeaders?|getQueryString|getCookies"
                r"|getInputStream|getReader|getPathInfo|getRequestURI|getRequestURL|getPart"
                r"|getParts|getRemoteUser)\("
            ),
        ),
        (REQUEST, r"\w+\.(?:getOriginalFilename|getSubmittedFileName)\("),
        (REQUEST, r"\w*[rR]equest\.(?:queryParams?|pathVariable|formData|params|splat)\("),
        (REQUEST, r"(?:ctx|context)\.(?:queryParam|pathParam|formParam|uploadedFile)\w*\("),
        (REQUEST, r"\w*[eE]xchange\.getRequest(?:URI|Body|Headers)\("),
        (REQUEST, r"\.request\(\)\.getParam\("),
        (ARGUMENT, r"(?:\w*[sS]canner|sc)\.next\w*\("),
    ),
    markers=(
        b"equest",
        b"req.",
        b"getOriginalFilename",
        b"getSubmittedFileName",
        b"Param(",
        b"xchange.",
        b"canner",
        b"sc.",
        b"Param",
        b"PathVariable",
        b"CookieValue",
        b"args",
        b"etParameter",
        b"etHeader",
        b"etQuery",
        b"etInputStream",
    ),
    requests=java_answers.REQUESTS,
    schemes=r'"redirect:"',
    argument_parameters=r"String\s*(?:\[\]|\.\.\.)\s*args$",
    source_parameters=r"@(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|QueryParam"
    r"|PathParam"
    r"|FormParam|HeaderParam|CookieParam|MatrixParam)\b",
    plain_types=r"\b(?:int|long|short|byte|float|double|boolean|Integer|Long|Short|Double|Float"
    r"|Boolean|BigDecimal"
    r"|BigInteger|UUID|LocalDate|Instant|Class(?:<[^>]*>)?)\s+\w+$",
    cleans={
        "*": "Integer.parseInt|valueOf Long.parseLong|valueOf UUID.fromString "
        "Boolean.parseBoolean|valueOf"
        " Double.parseDouble *.length|size|hashCode|getId|ordinal|isEmpty|equals"
        "|getSimpleName|indexOf",
        "html": "StringEscapeUtils.escapeHtml|escapeHtml4|escapeHtml3 HtmlUtils.htmlEscape "
        "Encode.forHtml"
        " *.encodeForHTML|escapeHtml|htmlEscape|escape|forHtml|encode|escapeHTML "
        "ESAPI.encoder escapeHtml",
        "path": "FilenameUtils.getName *.getFileName",
        "sql": "*.quoteIdentifier|quote|escapeSql|quoted|enquoteIdentifier|enquoteLiteral",
        "redirect": "URLEncoder.encode UriUtils.encode",
    },
    passes="*.toString|trim|toLowerCase|toUpperCase|substring|strip|get|split|getBytes"
    "|orElse|intern|stripTrailing"
    " String.valueOf Objects.requireNonNull|toString new String|StringBuilder"
    "|StringBuffer|ByteArrayInputStream|File"
    "|InputStreamReader|BufferedReader|BufferedInputStream|FileInputStream "
    "URI.create new URI "
    "URLDecoder.decode ~^res.encodeRedirectURL Arrays.asList List.of Optional.ofNullable"
    " Paths.get Path.of",
    composes="String.format|join|concat *.formatted|concat|replace|replaceAll|append|insert"
    "|resolve MessageFormat.format new MessageFormat",
    fills={"append": (-1, 0), "insert": (-1, 1)},
    carriers=frozenset({"cast_expression", "array_initializer", "array_creation_expression"}),
)
