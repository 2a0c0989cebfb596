"""C and C++: wide characters, Windows, other libraries, and what C++ calls by `std::`."""

from dataclasses import replace
from typing import TypeVar

from codearch.detectors._security import words
from codearch.detectors._security.tables import ARGUMENT, PARAMETER, Setting, Sink, Smell

Entry = TypeVar("Entry", Sink, Smell)
_NO_BOUND = "is copied by `{call}` into an array of fixed size, however long it is; give the size"

SINKS = (
    Sink(
        rule="buffer",
        callees="lstrcpy|lstrcpyA|lstrcpyW|lstrcat|lstrcatA|lstrcatW|_tcscpy|_tcscat|_mbscpy|_mbscat",
        what=_NO_BOUND,
        arguments=(1,),
        fixed=True,
    ),
    Sink(
        rule="buffer",
        callees="wsprintf|wsprintfA|wsprintfW|_stprintf",
        what=_NO_BOUND,
        arguments=(2, 3, 4, 5),
        when=r"%l?s",
        fixed=True,
    ),
    Sink(
        rule="buffer",
        callees="memcpy|memmove|strncpy|strncat",
        what="is copied by `{call}` as long as it is itself, into an array of fixed size; take the "
        "array's size",
        arguments=(1,),
        when=r"(?s)^\([^,]+,\s*(\w+)\s*,\s*strlen\(\s*\1\s*\)(\s*\+\s*1)?\s*\)$",
        fixed=True,
    ),
    Sink(
        rule="buffer",
        callees="wprintf|g_print|g_printerr|warnx",
        when=r'^\([^,"]+\)$',
        what="is the format of `{call}`, where `%n` writes and `%s` reads any memory; print "
        "it by `%s`",
        sources=frozenset({ARGUMENT, PARAMETER}),
    ),
    Sink(
        rule="shell",
        callees="WinExec|_wsystem|_wpopen|g_spawn_command_line_sync|g_spawn_command_line_async",
        what="is read by a shell in `{call}`; run the program itself",
    ),
    Sink(
        rule="sql",
        callees="sqlite3_prepare_v3|sqlite3_get_table|PQexecParams|PQsendQuery|SQLExecDirect"
        "|SQLExecDirectA|SQLPrepare",
        what=words.INTO_SQL,
        arguments=(1,),
        composed=words.PART,
        text=words.SQL,
    ),
    Sink(
        rule="path",
        callees="creat|truncate|chmod|symlink|fopen64|open64|_wfopen|_open|CreateFileA|DeleteFileA",
        what=words.INTO_PATH,
        sources=words.OUTSIDE,
        led=words.LED,
    ),
    Sink(
        rule="path",
        callees="fopen|open|unlink|remove|rename|opendir",
        what=words.INTO_PATH,
        sources=words.REQUESTS,
    ),
    Sink(
        rule="eval",
        callees="luaL_loadstring|JS_Eval|duk_peval_string|PyRun_String|g_module_open",
        what=words.INTO_CODE,
        arguments=(1, 0),
        composed=frozenset({PARAMETER}),
    ),
)
SMELLS = (
    Smell(
        rule="buffer",
        callees="getwd|_getws|_getts",
        message="`{call}` writes a text of any length into an array of some; take one with a size",
    ),
    Smell(
        rule="buffer",
        callees="wscanf|swscanf|vscanf|vsscanf|vfscanf",
        when=r'"[^"\n]*%(?!\*)l?(s|\[)',
        message="`{call}` reads a word of any length; give the array's size (`%63s`)",
    ),
    Smell(
        rule="weak-hash",
        callees="EVP_get_digestbyname|EVP_MD_fetch|gcry_md_hash_buffer"
        "|gcry_md_open|BCryptOpenAlgorithmProvider|CryptCreateHash QCryptographicHash.hash",
        when=r"(?i)\"(md[245]|sha-?1)\"|QCryptographicHash::(Md[45]|Sha1)\b|GCRY_MD_(MD5|SHA1)\b"
        r"|BCRYPT_(MD5|SHA1)_ALGORITHM|CALG_(MD5|SHA1?)\b",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}` with MD5 or SHA-1"),
    ),
    Smell(
        rule="weak-hash",
        callees="mbedtls_md5|mbedtls_sha1|MD5Init|SHA1Init|EVP_md4|EVP_md5_sha1|CC_MD4",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}`"),
    ),
    Smell(
        rule="weak-cipher",
        callees="EVP_des_cfb|EVP_des_ofb|EVP_idea_cbc|EVP_cast5_cbc|EVP_seed_cbc|EVP_aes_192_ecb"
        "|EVP_des_ede|EVP_des_ede_cbc|DES_cbc_encrypt|DES_ede3_cbc_encrypt|mbedtls_des_init"
        "|mbedtls_arc4_init|mbedtls_aes_crypt_ecb|AES_ecb_encrypt",
        message=words.CIPHER,
    ),
    Smell(
        rule="weak-cipher",
        callees="gcry_cipher_open|EVP_get_cipherbyname|EVP_CIPHER_fetch|CryptDeriveKey|CryptGenKey",
        when=r"(?i)GCRY_CIPHER_(DES|3DES|ARCFOUR|BLOWFISH)\b|GCRY_CIPHER_MODE_ECB|CALG_(DES|RC[24])\b"
        r"|\"(des|rc[24]|bf|idea|cast5?|aes-\d+-ecb)[\w-]*\"",
        message=words.CIPHER,
    ),
    Smell(
        rule="temporary",
        callees="sprintf|snprintf|asprintf",
        when=r"\"/tmp/[^\"]*%[^\"]*\"\s*,.*\b(getpid|time|rand)\s*\(",
        message="the name that `{call}` makes can be guessed, and taken by others before the file "
        "is made; take `mkstemp`",
    ),
    Smell(
        rule="temporary",
        callees="tmpnam_r|_tempnam|_wtempnam|_tmpnam|_wmktemp",
        message=words.TEMPORARY.replace("{better}", "`mkstemp`"),
    ),
    Smell(
        rule="permissions",
        callees="open|openat|creat",
        when=r",\s*0777\s*\)",
        message=words.EVERYBODY,
    ),
    Smell(
        rule="permissions",
        callees="shmget|msgget|semget|shm_open|sem_open|mq_open",
        when=r"(?<![\w.])0[0-7]?[0-7][0-7][2367]\b|S_IWOTH|S_IRWXO",
        message="everybody on this machine may write what is shared by `{call}`",
    ),
    Smell(
        rule="permissions",
        callees="SetSecurityDescriptorDacl",
        when=r",\s*(TRUE|1)\s*,\s*(\(\s*PACL\s*\)\s*)?(NULL|nullptr|0)\s*,",
        message="without a list of rights everybody on this machine may do anything with it",
    ),
    Smell(
        rule="certificates",
        callees="SSL_CTX_set_verify|SSL_set_verify|wolfSSL_CTX_set_verify|wolfSSL_set_verify",
        when=r",\s*(WOLF)?SSL_VERIFY_NONE\s*,",
        file=r"(?s)\A(?!.*(SSL_get_verify_result|SSL_accept|server_method|accept\s*\())",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="certificates",
        callees="mbedtls_ssl_conf_authmode",
        when=r"MBEDTLS_SSL_VERIFY_NONE",
        file=r"MBEDTLS_SSL_IS_CLIENT",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="certificates",
        callees="WinHttpSetOption|InternetSetOption|InternetSetOptionA",
        when=r"SECURITY_FLAG_IGNORE|_IGNORE_",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="random",
        callees="rand|random|drand48|lrand48|rand_r std.rand",
        named=r"\bkey\s*\[[^]]*\]\s*=|\biv\s*\[[^]]*\]\s*=",
        message=words.RANDOM.replace("{better}", "`getrandom` or the system's generator"),
    ),
    Smell(
        rule="random",
        callees="mrand48|nrand48|jrand48|erand48|g_random_int|g_random_int_range|qrand",
        named=words.SECRETS,
        message=words.RANDOM.replace("{better}", "`getrandom` or the system's generator"),
    ),
    Smell(
        rule="xml",
        callees="xmlReaderForFile|xmlReaderForMemory|xmlReaderForDoc|xmlCtxtReadDoc",
        when=r"XML_PARSE_NOENT|XML_PARSE_DTDLOAD",
        message=words.XML.replace("{mend}", "leave `XML_PARSE_NOENT` off"),
    ),
    Smell(
        rule="xml",
        callees="xmlTextReaderSetParserProp",
        when=r"XML_PARSER_(SUBST_ENTITIES|LOADDTD)\s*,\s*1\s*\)",
        message=words.XML.replace("{mend}", "leave it at 0"),
    ),
)
SETTINGS = (
    Setting(
        rule="bind",
        name="sin6_addr",
        value=r"in6addr_any|IN6ADDR_ANY_INIT",
        file=r"\blisten\s*\(",
        message=words.BIND,
    ),
)
CPP_SINKS = (
    Sink(
        rule="sql",
        callees="*.exec|execute|executeQuery|executeUpdate|exec0|exec1|exec_params|query"
        " QSqlQuery new QSqlQuery",
        what=words.INTO_SQL,
        composed=words.PART,
        text=words.SQL,
    ),
    Sink(
        rule="shell",
        callees="QProcess.execute|startDetached",
        what="is taken apart and run by `{call}`; give the program a list of arguments",
        when=r"^\([^,]*\)$",
        composed=words.PART,
    ),
)
CPP_SMELLS = (
    Smell(
        rule="certificates",
        callees="cpr.VerifySsl VerifySsl *.enable_server_certificate_verification",
        when=r"^[({]\s*false\s*[)}]",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="random",
        callees="std.minstd_rand std.mt19937_64 mt19937_64 std.ranlux24",
        named=words.SECRETS,
        message=words.RANDOM.replace("{better}", "`std::random_device` or the system's generator"),
    ),
    Smell(
        rule="temporary",
        callees="std.ofstream ofstream std.fstream",
        when=r"""^[({]\s*"/tmp/[\w.-]+"\s*[,)}]""",
        message=words.FIXED.replace("{better}", "`mkstemp`"),
    ),
    Smell(
        rule="xml",
        callees="*.setFeature",
        when=r"FEATURE_EXTERNAL_GENERAL_ENTITIES\s*,\s*true",
        message=words.XML.replace("{mend}", "leave it off"),
    ),
)


def also_std(entry: Entry) -> Entry:
    """Return an entry whose plain functions are meant by their names in `std` as well."""
    words_of = entry.callees.split()
    named = " ".join(f"std.{word}" for word in words_of if "." not in word and word != "new")
    return replace(entry, callees=f"{entry.callees} {named}")
