"""C#: ADO.NET, Entity Framework, Dapper, ASP.NET and the standard library."""

from codearch.detectors._security import csharp_further, words
from codearch.detectors._security.tables import (
    ARGUMENT,
    REQUEST,
    Assigned,
    Setting,
    Sink,
    Smell,
    Table,
)

_SECRETS = "`RandomNumberGenerator`"
TABLE = Table(
    sinks=(
        Sink(
            rule="sql",
            callees="new SqlCommand|MySqlCommand|NpgsqlCommand|SqliteCommand|SQLiteCommand"
            "|OleDbCommand|OdbcCommand"
            "|OracleCommand|SqlDataAdapter|MySqlDataAdapter *.FromSqlRaw|ExecuteSqlRaw"
            "|ExecuteSqlRawAsync|SqlQuery"
            "|ExecuteSqlCommand|SqlQueryRaw|FromSql|ExecuteQuery|CreateSQLQuery|Query"
            "|QueryAsync|QueryFirst|QueryFirstOrDefault"
            "|QuerySingle|Execute|ExecuteAsync|ExecuteScalar|ExecuteScalarAsync|ExecuteReader"
            "|ExecuteReaderAsync|QueryMultiple|QueryFirstAsync|QuerySingleAsync|QueryUnbufferedAsync"
            "|QuerySingleOrDefault|QueryFirstOrDefaultAsync|CreateQuery"
            " new CommandDefinition|OracleDataAdapter|NpgsqlDataAdapter|DB2Command",
            what=words.INTO_SQL,
            composed=words.PART,
            text=words.SQL,
        ),
        Sink(
            rule="shell",
            callees="Process.Start new ProcessStartInfo",
            what=words.INTO_SHELL,
            arguments=(1,),
            when=r"""(?i)"(cmd|cmd\.exe|powershell(\.exe)?|pwsh|(/bin/|/usr/bin/)?(ba|z)?sh)\"""",
        ),
        Sink(
            rule="shell",
            callees="Process.Start new ProcessStartInfo",
            what="names the program that `{call}` runs",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="eval",
            callees="CSharpScript.EvaluateAsync|RunAsync|Create *.CompileAssemblyFromSource"
            "|AddScript",
            what=words.INTO_CODE,
            arguments=(0, 1),
        ),
        Sink(
            rule="eval",
            callees="~^(engine|jint|interpreter|script)$.Execute|Evaluate *.Compute"
            " DynamicExpressionParser.ParseLambda",
            what=words.INTO_CODE,
            sources=words.REQUESTS,
        ),
        Sink(
            rule="html",
            callees="Content Results.Content *.Content",
            what=words.INTO_HTML,
            when=r"text/html|Html",
            sources=words.REQUESTS,
            text=r"<\w",
        ),
        Sink(
            rule="eval",
            callees="Type.GetType Assembly.Load|LoadFrom|LoadFile Activator.CreateInstance",
            what="names the code that `{call}` loads",
            sources=words.REQUESTS,
        ),
        Sink(
            rule="html",
            callees="*.Raw new HtmlString|MarkupString MvcHtmlString.Create",
            what=words.INTO_HTML,
            composed=words.WHOLE,
            text=r"<\w|^$",
            parameters=words.PLAIN_TEXT,
        ),
        Sink(
            rule="html",
            callees="~^Response$.Write|WriteAsync",
            what=words.INTO_HTML,
            composed=words.WHOLE,
            text=r"<\w|^$",
        ),
        Sink(
            rule="path",
            callees="File.ReadAllText|ReadAllBytes|ReadAllLines|Open|OpenRead|OpenWrite|Delete"
            "|WriteAllText|WriteAllBytes"
            "|Create|Copy|Move|AppendAllText|OpenText Directory.Delete|CreateDirectory"
            "|GetFiles new FileStream|StreamReader"
            "|StreamWriter|FileInfo|PhysicalFileResult *.PhysicalFile PhysicalFile"
            " File.ReadAllTextAsync|ReadAllBytesAsync|ReadLines|WriteAllTextAsync"
            "|WriteAllBytesAsync|AppendText|CreateText|Replace|AppendAllTextAsync"
            " Directory.GetDirectories|EnumerateFiles|Move ZipFile.OpenRead|ExtractToDirectory"
            " *.SaveAs",
            what=words.INTO_PATH,
            sources=words.OUTSIDE,
            led=frozenset({ARGUMENT}),
        ),
        Sink(
            rule="redirect",
            callees="Redirect|RedirectPermanent|RedirectPreserveMethod|RedirectPermanentPreserveMethod"
            " ~^(Response|this|base|Results|TypedResults)$.Redirect|RedirectPermanent"
            "|RedirectPreserveMethod new RedirectResult",
            what=words.INTO_REDIRECT,
            sources=words.REQUESTS,
            first=True,
            parameters=words.ADDRESSES,
            harmless=csharp_further.OWN_PLACE,
        ),
    ),
    smells=(
        Smell(
            rule="deserialisation",
            callees="new BinaryFormatter|NetDataContractSerializer|LosFormatter|SoapFormatter"
            "|ObjectStateFormatter",
            message="`{call}` makes objects of any type that its input names; take a format of "
            "plain data",
        ),
        Smell(
            rule="deserialisation",
            callees="new JavaScriptSerializer",
            when=r"SimpleTypeResolver",
            message="`{call}` makes objects of any type that its input names; take a format of "
            "plain data",
        ),
        Smell(
            rule="weak-hash",
            callees="MD5.Create|HashData SHA1.Create|HashData new MD5CryptoServiceProvider"
            "|SHA1CryptoServiceProvider|SHA1Managed",
            unnamed=words.CHECKSUM_NAMES,
            after=words.CHECKSUM_NEAR,
            surely=words.SURELY,
            message=words.HASH.replace("{call}", "`{call}`"),
        ),
        Smell(
            rule="weak-cipher",
            callees="DES.Create TripleDES.Create RC2.Create new DESCryptoServiceProvider"
            "|TripleDESCryptoServiceProvider"
            "|RC2CryptoServiceProvider",
            message=words.CIPHER,
        ),
        Smell(
            rule="temporary",
            callees="File.Create|WriteAllText|WriteAllBytes|OpenWrite new FileStream|StreamWriter",
            when=r"""^\(\s*((System\.IO\.)?Path\.Combine\(\s*)?(System\.IO\.)?Path\.GetTempPath\(\)\s*[,+]\s*"[^"]*"\s*\)?\s*[,)]""",
            message=words.TEMPORARY.replace(
                "the name that `{call}` gives", "this fixed name in the shared folder of `{call}`"
            ).replace("{better}", "`Path.GetRandomFileName`"),
        ),
        Smell(
            rule="temporary",
            callees="File.Create|WriteAllText|WriteAllBytes|WriteAllLines|AppendAllText|OpenWrite"
            "|CreateText new StreamWriter",
            when=r"""^\(\s*@?"/tmp/[\w.-]+"\s*[,)]""",
            message=words.FIXED.replace("{better}", "`Path.GetRandomFileName`"),
        ),
        Smell(
            rule="temporary",
            callees="Path.GetTempFileName",
            message="`{call}` gives one of 65,536 names in a shared folder; take "
            "`Path.GetRandomFileName`",
        ),
        Smell(
            rule="permissions",
            callees="new FileSystemAccessRule",
            when=r'"Everyone"|WorldSid',
            unless=r"Deny|FileSystemRights\.Read\b",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="permissions",
            callees="File.SetUnixFileMode",
            when=r"UnixFileMode\.OtherWrite",
            message=words.EVERYBODY,
        ),
        Smell(
            rule="random",
            callees="new Random ~(rand|random|rnd|rng)$.Next|NextBytes Random.Shared.Next"
            "|NextBytes ~^Shared$.Next|NextBytes",
            named=words.SECRETS,
            unnamed=r"(?i)\A[^\n]*tokens\b|tokeniz|CancellationToken|cancellation",
            after=r"RandomNumberGenerator",
            message=words.RANDOM.replace("{better}", _SECRETS),
        ),
        Smell(
            rule="debug",
            callees="*.UseDeveloperExceptionPage",
            after=r"IsDevelopment|IsEnvironment|#if\s+DEBUG",
            message=words.DEBUG,
        ),
        Smell(
            rule="xml",
            callees="new XmlTextReader",
            after=r"DtdProcessing\.(Prohibit|Ignore)|ProhibitDtd\s*=\s*true|XmlResolver\s*=\s*null",
            file=r"DtdProcessing\.Parse|XmlUrlResolver",
            message=words.XML.replace("{mend}", "set `DtdProcessing.Prohibit`"),
        ),
        Smell(
            rule="bind",
            callees="new IPEndPoint|TcpListener|HttpListener",
            when=r"IPAddress\.(IPv6)?Any\b(?!\s*,\s*0\s*\))",
            file=r"\.Bind\(|TcpListener|Listen\(",
            message=words.BIND,
        ),
        Smell(
            rule="bind",
            callees="*.UseUrls|Add",
            when=r'"https?://(0\.0\.0\.0|\*|\+|\[::\])',
            message=words.BIND,
        ),
        *csharp_further.SMELLS,
    ),
    settings=(
        Setting(
            rule="certificates",
            name="TrustServerCertificate",
            value="true",
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="debug",
            name="EnableDetailedErrors",
            value="true",
            message=words.DEBUG,
        ),
        Setting(
            rule="xml",
            name="ProhibitDtd",
            value="false",
            message=words.XML.replace("`{call}`", "this reader").replace(
                "{mend}", "set `DtdProcessing.Prohibit`"
            ),
        ),
        Setting(
            rule="permissions",
            name="UnixCreateMode",
            value=r"(?s).*UnixFileMode\.OtherWrite.*",
            message="everybody on this machine may write what is made with this mode",
        ),
        Setting(
            rule="certificates",
            name="ServerCertificateCustomValidationCallback",
            value=csharp_further.ALWAYS,
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="ServerCertificateValidationCallback",
            value=csharp_further.ALWAYS,
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="certificates",
            name="RemoteCertificateValidationCallback",
            value=csharp_further.ALWAYS,
            message=words.CERTIFICATE,
        ),
        Setting(
            rule="deserialisation",
            name="TypeNameHandling",
            value=r"(Newtonsoft\.Json\.)?TypeNameHandling\.(All|Auto|Objects|Arrays)",
            message="a document may name the types that are made of it; leave `TypeNameHandling` "
            "at `None`",
        ),
        Setting(
            rule="weak-cipher",
            name="Mode",
            value=r"([\w.]+\.)?CipherMode\.ECB",
            message="ECB shows which blocks are equal; take AES-GCM",
        ),
        Setting(
            rule="xml",
            name="DtdProcessing",
            value=r"([\w.]+\.)?DtdProcessing\.Parse",
            message=words.XML.replace("`{call}`", "this reader").replace(
                "{mend}", "set `DtdProcessing.Prohibit`"
            ),
        ),
        Setting(
            rule="xml",
            name="XmlResolver",
            value=r"new\s+([\w.]+\.)?XmlUrlResolver\(\)",
            message=words.XML.replace("`{call}`", "this reader").replace("{mend}", "leave it null"),
        ),
    ),
    assigned=(
        Assigned(
            rule="html",
            name="InnerHtml",
            what=words.INTO_HTML,
            sources=words.REQUESTS,
        ),
        Assigned(
            rule="sql",
            name="CommandText",
            what="becomes part of SQL in `{call}`; bind it as a parameter",
            composed=words.PART,
            text=words.SQL,
        ),
        Assigned(
            rule="shell",
            name="Arguments",
            what="becomes part of the arguments in `{call}`; take `ArgumentList`",
            composed=words.PART,
            text=r"(/c |-c |/C )",
        ),
    ),
    sources=(
        (
            REQUEST,
            (
                r"(?:this\.|(?:this\.)?_?\w*[cC]ontext\.|ctx\.|\w*[cC]ontextAccessor\.HttpContext\??\."
                r"|HttpContext\.Current\.)?Request\.(?:Query|Form|QueryString|Params"
                r"|Headers|Cookies|Body|RouteValues|Files|Path|InputStream|RawUrl)\b|Request\["
                r"|request\.(?:Query|Form|RouteValues|QueryString|Params|Cookies|Files|RawUrl)\b"
            ),
        ),
        (ARGUMENT, r"Console\.(?:ReadLine|Read)\(|Environment\.GetCommandLineArgs\("),
    ),
    markers=(
        b"Request.",
        b"HttpRequest ",
        b"request.",
        b"Request[",
        b"Console.Read",
        b"FromQuery",
        b"FromRoute",
        b"FromBody",
        b"FromForm",
        b"GetCommandLineArgs",
        b"[Http",
        b"Controller",
        b"PageModel",
        b".Map",
        b"IFormFile",
        b"HttpPostedFile",
        b"args",
    ),
    argument_parameters=r"string\[\]\s+args$",
    source_parameters=r"\[From(?:Query|Route|Body|Form|Header)|IFormFile\b|HttpPostedFile(?:Base)?\b",
    handlers=csharp_further.HANDLERS,
    requests={"Request": r"(?:Microsoft\.AspNetCore\.Http\.)?HttpRequest(?:Base)?"},
    plain_types=r"(?:^|[\s(])(?:int|long|short|byte|uint|ulong|float|double|decimal|bool|Guid"
    r"|DateTime|DateTimeOffset"
    r"|TimeSpan|Type)\??(?:\[\])?\s+\w+$",
    cleans={
        "*": "int.Parse|TryParse long.Parse Guid.Parse Convert.ToInt32|ToInt64|ToBoolean "
        "nameof *.GetHashCode|Count",
        "html": "HttpUtility.HtmlEncode|UrlEncode WebUtility.HtmlEncode|UrlEncode "
        "HtmlEncoder.Default.Encode *.Encode"
        "|HtmlEncode|Sanitize|HtmlAttributeEncode",
        "path": "Path.GetFileName|GetFileNameWithoutExtension|GetRandomFileName *.GetFileName",
        "sql": "*.QuoteIdentifier|Quote|EscapeSqlIdentifier|DelimitIdentifier",
        "redirect": "*.Action|RouteUrl Uri.EscapeDataString",
    },
    passes="*.ToString|Trim|ToLower|ToUpper|ToLowerInvariant|ToUpperInvariant|Substring"
    "|Split|First|FirstOrDefault|Last|ToArray|ToList"
    "|TrimStart|TrimEnd|Normalize Path.GetFullPath Uri.UnescapeDataString "
    "HttpUtility.UrlDecode new Uri|StringBuilder|FileInfo",
    composes="string.Format|Concat|Join String.Format|Concat|Join Path.Combine|Join "
    "*.Replace|Append|AppendFormat|AppendLine|Insert",
    fills={"Append": (-1, 0), "AppendFormat": (-1, 0), "AppendLine": (-1, 0)},
    carriers=frozenset(
        {
            "cast_expression",
            "await_expression",
            "as_expression",
            "postfix_unary_expression",
            "argument",
            "interpolation",
        }
    ),
    names=frozenset({"identifier"}),
    constant_names=r"[A-Z][A-Z\d_]+",
)
