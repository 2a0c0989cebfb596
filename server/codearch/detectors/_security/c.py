"""C, and what C++ adds: the standard library, POSIX, OpenSSL, SQLite, libpq, MySQL, libcurl."""

from dataclasses import replace

from codearch.detectors._security import c_further, words
from codearch.detectors._security.tables import (
    ARGUMENT,
    PARAMETER,
    REQUEST,
    Setting,
    Sink,
    Smell,
    Table,
)

_SECRETS = "`getrandom` or the system's generator"
_NO_BOUND = "is copied by `{call}` into an array of fixed size, however long it is; give the size"

C = Table(
    sinks=(
        Sink(
            rule="buffer",
            callees="strcpy|strcat|stpcpy|wcscpy|wcscat",
            what=_NO_BOUND,
            arguments=(1,),
            fixed=True,
        ),
        Sink(
            rule="buffer",
            callees="sprintf|vsprintf",
            what=_NO_BOUND,
            arguments=(2, 3, 4, 5),
            when=r"%s",
            fixed=True,
        ),
        Sink(
            rule="buffer",
            callees="printf",
            when=r'^\([^,"]+\)$',
            what="is the format of `{call}`, where `%n` writes and `%s` reads any memory; print "
            "it by `%s`",
            sources=frozenset({ARGUMENT, PARAMETER}),
        ),
        Sink(
            rule="buffer",
            callees="fprintf|sprintf|syslog|dprintf",
            when=r'^\([^,]+,[^,"]+\)$',
            what="is the format of `{call}`, where `%n` writes and `%s` reads any memory; print "
            "it by `%s`",
            arguments=(1,),
        ),
        Sink(
            rule="buffer",
            callees="snprintf",
            when=r'^\([^,]+,[^,]+,[^,"]+\)$',
            what="is the format of `{call}`, where `%n` writes and `%s` reads any memory; print "
            "it by `%s`",
            arguments=(2,),
        ),
        Sink(
            rule="shell",
            callees="system popen _popen",
            what="is read by a shell in `{call}`; run the program itself (`execv`, `posix_spawn`)",
        ),
        Sink(
            rule="shell",
            callees="execl|execlp|execle",
            what=words.INTO_SHELL,
            arguments=(3,),
            when=r'"-c"',
        ),
        Sink(
            rule="sql",
            callees="sqlite3_exec|sqlite3_prepare|sqlite3_prepare_v2|mysql_query|mysql_real_query"
            "|PQexec|PQprepare",
            what=words.INTO_SQL,
            arguments=(1,),
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="path",
            callees="fopen|open|unlink|remove|rename|opendir|freopen|mkdir|rmdir",
            what=words.INTO_PATH,
            sources=frozenset({ARGUMENT}),
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="eval",
            callees="dlopen|LoadLibrary|LoadLibraryA",
            what="names the library that `{call}` loads and runs",
            sources=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="eval",
            callees="luaL_dostring|PyRun_SimpleString|Tcl_Eval|duk_eval_string",
            what=words.INTO_CODE,
            arguments=(1, 0),
            composed=frozenset({PARAMETER}),
        ),
        *c_further.SINKS,
    ),
    smells=(
        Smell(
            rule="buffer",
            callees="gets",
            message="`gets` reads a line of any length into an array of some; take `fgets`",
        ),
        Smell(
            rule="buffer",
            callees="scanf|fscanf|sscanf",
            when=r'"[^"\n]*%(?!\*)l?(s|\[)',
            message="`{call}` reads a word of any length; give the array's size (`%63s`)",
        ),
        Smell(
            rule="weak-hash",
            callees="MD5|SHA1|MD5_Init|SHA1_Init|EVP_md5|EVP_sha1|CC_MD5|CC_SHA1|MD4|MD2",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="DES_ecb_encrypt|DES_ncbc_encrypt|DES_set_key|EVP_des_cbc|EVP_des_ecb|EVP_rc4"
            "|EVP_rc2_cbc"
            "|EVP_bf_cbc|EVP_aes_128_ecb|EVP_aes_256_ecb|EVP_des_ede3_cbc|RC4|BF_ecb_encrypt",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="mktemp|tmpnam|tempnam|_mktemp std.tmpnam",
            message=words.TEMPORARY.replace("{better}", "`mkstemp`"),
        ),
        Smell(
            rule="temporary",
            callees="fopen|open|creat std.fopen",
            when=r"""^\(\s*"/tmp/[\w.-]+"\s*,\s*("[wa]|[^)]*O_CREAT|0)""",
            unless=r"O_EXCL|\"[wa]b?x",
            message=words.FIXED.replace("{better}", "`mkstemp`"),
        ),
        Smell(
            rule="permissions",
            callees="chmod|fchmod|fchmodat|_chmod",
            when=r"(?<![\w.])0[0-7]?[0-7][0-7][2367]\s*\)|S_IWOTH|S_IRWXO",
            unless=r"[~&]|01777",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="umask",
            when=r"^\(\s*0+\s*\)",
            message="after `{call}(0)` everybody may write what is made, unless each call says "
            "otherwise",
            after=r"=\s*umask\(|umask\(\s*[a-z]",
        ),
        Smell(
            rule="certificates",
            callees="curl_easy_setopt",
            when=r"CURLOPT_SSL_VERIFY(PEER|HOST)\s*,\s*(0L?|false|FALSE)\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="SSL_CTX_set_verify|SSL_set_verify",
            when=r",\s*SSL_VERIFY_NONE\s*,",
            file=r"(?s)\A(?!.*SSL_get_verify_result).*(SSL_connect|SSLv23_client_method"
            r"|TLS_client_method)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="random",
            callees="rand|random|drand48|lrand48|rand_r std.rand",
            named=words.SECRETS,
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="xml",
            callees="xmlReadFile|xmlReadMemory|xmlReadDoc|xmlCtxtReadFile|xmlCtxtUseOptions"
            "|xmlCtxtReadMemory",
            when=r"XML_PARSE_NOENT|XML_PARSE_DTDLOAD",
            message=words.XML.replace("{mend}", "leave `XML_PARSE_NOENT` off"),
        ),
        Smell(
            rule="xml",
            callees="xmlSubstituteEntitiesDefault",
            when=r"^\(\s*1\s*\)",
            message=words.XML.replace("{mend}", "leave it at 0"),
        ),
        Smell(
            rule="bind",
            callees="inet_addr|inet_aton|inet_pton",
            when=r'"0\.0\.0\.0"',
            message=words.BIND,
        ),
        Smell(
            rule="bind",
            callees="uv_ip4_addr|mg_http_listen|mg_listen|evhttp_bind_socket"
            "|evhttp_bind_socket_with_handle",
            when=r'"[^"]*0\.0\.0\.0',
            message=words.BIND,
        ),
        *c_further.SMELLS,
    ),
    settings=(
        *c_further.SETTINGS,
        Setting(
            rule="bind",
            name="s_addr",
            value=r"(htonl\(\s*)?INADDR_ANY\s*\)?",
            file=r"\blisten\s*\(|\bbind\s*\(",
            message=words.BIND,
        ),
    ),
    sources=(
        (
            REQUEST,
            r"(?:std::)?getenv\(\s*\"(?:QUERY_STRING|PATH_INFO|REQUEST_URI|HTTP_\w+|CONTENT_TYPE)\"",
        ),
        (ARGUMENT, r"argv\b"),
        (ARGUMENT, r"(?:std::|secure_)?getenv\("),
        (ARGUMENT, r"optarg\b"),
    ),
    markers=(b"argv", b"getenv", b"optarg", b"fgets", b"recv(", b"scanf"),
    plain_types=r"\b(?:int|long|short|unsigned|size_t|u?int\d+_t|float|double|bool|off_t|ssize_t"
    r"|time_t|pid_t)\s+\w+$"
    r"|\bconst\s+char\s*\*\s*(?:const\s+)?(?:fmt|format|fmtstr|fmts|template)\b|\benum\s",
    cleans={"*": "strlen|atoi|atol|strtol|strtoul|sizeof|strcmp|strncmp|abs|basename std.stoi"},
    passes="strdup|strndup|xstrdup|g_strdup|strtok|strchr|strrchr|strstr|std.move *.c_str"
    "|data|str|substr std.string string",
    composes="sqlite3_mprintf|g_strdup_printf|g_strconcat|asprintf|concat *.append",
    fills={
        "strcpy": (0, 1),
        "strcat": (0, 1),
        "strncpy": (0, 1),
        "strncat": (0, 1),
        "strlcpy": (0, 1),
        "strlcat": (0, 1),
        "sprintf": (0, 1),
        "snprintf": (0, 2),
        "asprintf": (0, 1),
    },
    read_into={
        "fgets": 0,
        "gets": 0,
        "scanf": 1,
        "read": 1,
        "recv": 1,
        "fread": 0,
        "getline": 0,
        "recvfrom": 1,
    },
    carriers=frozenset(
        {"cast_expression", "pointer_expression", "argument_list", "comma_expression"}
    ),
    names=frozenset({"identifier"}),
)
CPP = replace(
    C,
    sinks=(
        *map(c_further.also_std, C.sinks),
        *c_further.CPP_SINKS,
        Sink(
            rule="shell",
            callees="std.system boost.process.system bp.system",
            what="is read by a shell in `{call}`; run the program itself (`execv`, `posix_spawn`)",
        ),
        Sink(
            rule="sql",
            callees="~(query|q|db|stmt|conn|txn|w|database|sql)$.exec|prepare|execute|executeQuery"
            "|exec0|exec1|prepareStatement",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="path",
            callees="new ifstream std.ifstream|ofstream|fstream std.filesystem.remove|remove_all "
            "fs.remove|remove_all",
            what=words.INTO_PATH,
            sources=frozenset({ARGUMENT}),
            led=frozenset({ARGUMENT}),
        ),
    ),
    smells=(
        *map(c_further.also_std, C.smells),
        *c_further.CPP_SMELLS,
        Smell(
            rule="random",
            callees="mt19937 std.mt19937 std.default_random_engine",
            named=words.SECRETS,
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="certificates",
            callees="*.set_verify_mode|setPeerVerifyMode",
            when=r"verify_none|VerifyNone",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.ignoreSslErrors",
            when=r"^\(\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="bind",
            callees="*.listen|bind",
            when=r'"0\.0\.0\.0"|QHostAddress::Any\b',
            message=words.BIND,
        ),
        Smell(
            rule="permissions",
            callees="std.filesystem.permissions fs.permissions",
            when=r"perms::(all|others_write|others_all)\b",
            unless=r"perm_options::remove",
            message=words.EVERYBODY,
        ),
    ),
    constant_names=r"k[A-Z]\w+|[A-Z][A-Z\d_]+",
)
