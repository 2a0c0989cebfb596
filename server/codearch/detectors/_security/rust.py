"""Rust: the standard library, rusqlite, sqlx, diesel, actix, axum, reqwest, openssl."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import ARGUMENT, REQUEST, Sink, Smell, Table

_SECRETS = "`rand::rngs::OsRng` or `getrandom`"

TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees="*.execute|query|query_row|prepare|execute_batch|query_map|batch_execute"
            "|query_one|query_opt|simple_query|query_drop|query_iter|query_first|exec_drop"
            "|execute_unprepared"
            " sqlx.query|query_as|query_scalar|raw_sql diesel.sql_query sql_query",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="*.arg",
            receiver=r'Command::new\(\s*"(/bin/|/usr/bin/)?(ba|z'
            r'|da)?sh"\s*\)\s*\.arg\(\s*"-\w*c"\s*\)$',
            what="is read by a shell that `Command` runs; give the program its arguments, "
            "without a shell",
        ),
        Sink(
            rule="shell",
            callees="*.args",
            receiver=r'Command::new\(\s*"(/bin/|/usr/bin/)?(ba|z|da)?sh"\s*\)$',
            when=r'"-\w*c"',
            what="is read by a shell that `Command` runs; give the program its arguments, "
            "without a shell",
        ),
        Sink(
            rule="shell",
            callees="Command.new process.Command.new",
            what="names the program that `{call}` runs",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="eval",
            callees="Library.new libloading.Library.new",
            what="names the library that `{call}` loads and runs",
            sources=words.OUTSIDE,
        ),
        Sink(
            rule="eval",
            callees="~^(engine|lua|context|ctx)$.eval|load|run|eval_with_scope",
            what=words.INTO_CODE,
            composed=words.PART,
        ),
        Sink(
            rule="html",
            callees="Html PreEscaped axum.response.Html maud.PreEscaped",
            what=words.INTO_HTML,
            composed=words.WHOLE,
            text=r"<\w|^$",
        ),
        Sink(
            rule="sql",
            callees="Statement.from_string",
            what=words.INTO_SQL,
            arguments=(1,),
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="eval",
            callees="~^py$.run|eval|run_bound|eval_bound",
            what=words.INTO_CODE,
            composed=words.PART,
        ),
        Sink(
            rule="html",
            callees="RawHtml content.RawHtml",
            what=words.INTO_HTML,
            composed=words.WHOLE,
            text=r"<\w",
        ),
        Sink(
            rule="path",
            callees="*.open",
            receiver=r"OpenOptions",
            what="names the file that `OpenOptions` opens; check that it stays below its folder",
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="path",
            callees="File.create_new fs.metadata|set_permissions|hard_link|remove_dir",
            what=words.INTO_PATH,
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="redirect",
            callees="*.header|insert_header|append_header",
            what=words.INTO_REDIRECT,
            arguments=(0, 1),
            when=r"(?i)^\(\s*\(?\s*(\"location\"|([\w:]*::)?LOCATION)\s*,",
            sources=words.REQUESTS,
            first=True,
        ),
        Sink(
            rule="html",
            callees="*.body",
            receiver=r"text/html|ContentType::html|TEXT_HTML",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
        ),
        Sink(
            rule="html",
            callees="*.body",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        Sink(
            rule="path",
            callees="File.open|create fs.read|read_to_string|write|remove_file|remove_dir_all"
            "|create_dir_all|copy|rename"
            "|read_dir NamedFile.open|open_async",
            what=words.INTO_PATH,
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="redirect",
            callees="Redirect.to|temporary|permanent|found",
            what=words.INTO_REDIRECT,
            sources=words.REQUESTS,
            first=True,
            parameters=words.ADDRESSES,
        ),
    ),
    smells=(
        Smell(
            rule="weak-hash",
            callees="md5.compute Md5.new|digest Sha1.new|digest MessageDigest.md5|sha1",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="Cipher.des_cbc|des_ecb|rc4|bf_cbc|des_ede3_cbc|aes_128_ecb|aes_256_ecb Des.new"
            "|new_from_slice"
            " TdesEde3.new Rc4.new",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="File.create fs.write fs.create_dir|create_dir_all",
            when=r"""^\(\s*"/tmp/[\w.-]*"|^\(\s*&?(std::)?env::temp_dir\(\)\.join\(\s*"[^"]*"\s*\)""",
            message=words.TEMPORARY.replace(
                "the name that `{call}` gives", "this fixed name in the shared folder of `{call}`"
            ).replace("{better}", "the `tempfile` crate"),
        ),
        Smell(
            rule="permissions",
            callees="*.set_mode Permissions.from_mode PermissionsExt.from_mode",
            when=r"^\(\s*0o[0-7]?[0-7][0-7][2367]\s*\)",
            unless=r"1777",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="*.set_mode Permissions.from_mode PermissionsExt.from_mode",
            constant=r"^0o[0-7]?[0-7][0-7][2367]$",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="*.mode OpenOptionsExt.mode",
            when=r"[(,]\s*0o0?777\s*\)$",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="certificates",
            callees="*.tls_danger_accept_invalid_certs|tls_danger_accept_invalid_hostnames"
            "|accept_invalid_certs",
            when=r"^\(\s*true\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.ssl_verify_peer|ssl_verify_host",
            when=r"^\(\s*false\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.with_custom_certificate_verifier|set_certificate_verifier",
            when=r"(?i)no_?(cert|server)?_?verif|danger|accept_?(any|all)|insecure|skip|trust_?all",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="weak-hash",
            callees="digest.digest digest.Context.new",
            when=r"SHA1_FOR_LEGACY_USE_ONLY",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}` with SHA-1"),
        ),
        Smell(
            rule="weak-hash",
            callees="Sha1.from|default|new_with_prefix Md5.default|new_with_prefix Md4.new|digest",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="TdesEde3.new_from_slice TdesEde2.new|new_from_slice"
            " Blowfish.new|new_from_slice"
            " Rc2.new|new_from_slice Rc4.new_from_slice"
            " Cipher.des_ede3_ecb|aes_192_ecb|rc4_40"
            " ecb.Encryptor.new|new_from_slice",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="File.create fs.write fs.create_dir|create_dir_all",
            when=r"""^\(\s*&?format!?\(\s*"/tmp/[^"]*".*process::id\(""",
            message=words.TEMPORARY.replace("{better}", "the `tempfile` crate"),
        ),
        Smell(
            rule="random",
            callees="fastrand.bytes|fill|i32|i64|char|choice|alphabetic|lowercase|uppercase|digit"
            " WyRand.new oorandom.Rand32.new oorandom.Rand64.new SmallRng.from_rng|from_os_rng"
            " SmallRng.from_seed",
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="bind",
            callees="TcpListener.bind *.bind UdpSocket.bind SocketAddr.new",
            when=r"Ipv[46]Addr::UNSPECIFIED\)?\s*,\s*[1-9]",
            message=words.BIND,
        ),
        Smell(
            rule="permissions",
            callees="*.set_readonly",
            when=r"^\(\s*false\s*\)",
            message="on Unix `{call}(false)` lets everybody write; set the mode instead",
            after=r"cfg\((not\(unix\)|windows)",
        ),
        Smell(
            rule="permissions",
            callees="umask libc.umask stat.umask",
            when=r"^\(\s*(0|Mode::empty\(\))\s*\)",
            message="after `{call}(0)` everybody may write what is made, unless each call says "
            "otherwise",
        ),
        Smell(
            rule="certificates",
            callees="*.danger_accept_invalid_certs|danger_accept_invalid_hostnames",
            when=r"^\(\s*true\s*\)",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="certificates",
            callees="*.set_verify|verify",
            when=r"SslVerifyMode::NONE",
            message=words.CERTIFICATE,
        ),
        Smell(
            rule="random",
            callees="SmallRng.seed_from_u64|from_entropy StdRng.seed_from_u64 fastrand.u32|u64"
            "|alphanumeric|usize|u8"
            " Pcg64.seed_from_u64 XorShiftRng.from_seed",
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="bind",
            callees="TcpListener.bind *.bind UdpSocket.bind",
            when=r"""^\(\s*\(?\s*"(0\.0\.0\.0|\[::\]|::)(?!:0")""",
            message=words.BIND,
        ),
        Smell(
            rule="bind",
            callees="SocketAddr.from",
            when=r"^\(\s*\(\s*\[\s*0\s*,\s*0\s*,\s*0\s*,\s*0\s*\]\s*,\s*[1-9]",
            message=words.BIND,
        ),
    ),
    sources=(
        (REQUEST, r"\.get_filename\(\)"),
        (REQUEST, r"(?:req|request)\.(?:match_info|query_string|headers|uri|path|cookie|param)\("),
        (ARGUMENT, r"(?:std::)?env::args(?:_os)?\("),
    ),
    markers=(
        b"req.",
        b"HttpRequest",
        b"request.",
        b"env::args",
        b"get_filename",
        b"Query<",
        b"Path<",
        b"Form<",
        b"Json<",
    ),
    requests={"req": r"&?\s*(?:\w+::)*HttpRequest"},
    source_parameters=r":\s*(?:&\s*)?(?:web::|axum::extract::|extract::)?(?:Query|Path|Form|Json"
    r"|TypedHeader|Multipart)<"
    r"(?!(?:u8|u16|u32|u64|usize|i32|i64|Uuid|bool)>)",
    plain_types=r":\s*&?\s*(?:mut\s+)?(?:u8|u16|u32|u64|u128|usize|i8|i16|i32|i64|i128|isize|f32"
    r"|f64|bool|char|Uuid|&'static str)$"
    r"|<(?:u8|u16|u32|u64|usize|i32|i64|Uuid|bool)>$",
    cleans={
        "*": "*.len|parse|is_empty|file_name",
        "html": "html_escape.encode_text|encode_safe *.escape encode_text encode_safe escape "
        "ammonia.clean",
        "sql": "*.quote_identifier|quote_literal quote_identifier",
        "shell": "shell_escape.escape shlex.quote|try_quote shell_words.quote|join escape",
    },
    passes="*.to_string|to_owned|clone|as_str|as_ref|trim|to_lowercase|to_uppercase|into"
    "|unwrap|expect|unwrap_or_default"
    "|unwrap_or|as_bytes|nth|next|get|into_inner|to_str|as_deref|collect|skip"
    "|to_path_buf|ok|into_string|to_vec|as_slice"
    "|unwrap_or_else|cloned|iter|into_iter|borrow|lines|split|decode String.from"
    "|from_utf8 PathBuf.from Path.new Some Ok",
    composes="format|format_args|concat *.join|replace|push_str",
    fills={"push_str": (-1, 0), "push": (-1, 0), "write": (0, 1), "writeln": (0, 1)},
    carriers=frozenset(
        {
            "reference_expression",
            "try_expression",
            "await_expression",
            "type_cast_expression",
            "unary_expression",
        }
    ),
    names=frozenset({"identifier", "shorthand_field_identifier"}),
    inline=True,
)
