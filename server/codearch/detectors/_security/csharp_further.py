"""C#: less usual ways of the framework to hash, hide, open and listen."""

from codearch.detectors._security import words
from codearch.detectors._security.tables import Handler, Smell

ALWAYS = (
    r"(?s)(delegate\s*(\([^)]*\))?\s*\{\s*return\s+true;?\s*\}"
    r"|\(?[\w\s,.<>?]*\)?\s*=>\s*(true|\{\s*return\s+true;?\s*\})"
    r"|(\w+\.)*DangerousAcceptAnyServerCertificateValidator)"
)

OWN_PLACE = r"\.(?:Path|PathBase|RawUrl|Host)\b|\[.Referer"  # an address of this site
_OTHERS = (  # parameters of actions that no request gives
    r"\[From(?:Services|KeyedServices)|(?:^|[\s(])(?:I[A-Z]\w+|CancellationToken|ClaimsPrincipal"
    r"|\w*(?:Context|Service|Manager|Repository|Factory|Options|Client|Logger|Provider|Request"
    r"|Response|Args|EventArgs|Controller|Result|Stream|Builder))(?:<[^>]*>)?\??\s+\w+"
)
HANDLERS = (
    Handler(
        file=r"\[Http(?:Get|Post|Put|Delete|Patch)",
        head=r"\[Http(?:Get|Post|Put|Delete|Patch)\b",
        others=_OTHERS,
    ),
    Handler(
        file=r"Controller\b",
        head=r"\bpublic\b(?!\s+(?:static|override|\w+Controller\())",
        unless=r"NonAction|ChildActionOnly",
        around=r"\bclass\s+\w+Controller\b|:\s*[\w.]*Controller(?:Base)?\b|\[ApiController",
        others=_OTHERS,
    ),
    Handler(
        file=r":\s*[\w.]*PageModel\b",
        head=r"\bpublic\b.*\bOn(?:Get|Post|Put|Delete)\w*\s*\(",
        around=r":\s*[\w.]*PageModel\b",
        others=_OTHERS,
    ),
    Handler(
        file=r"\.Map(?:Get|Post|Put|Delete|Patch)\(",
        called=r"^Map(?:Get|Post|Put|Delete|Patch)$",
        others=_OTHERS,
    ),
)

SMELLS = (
    Smell(
        rule="weak-hash",
        callees="HashAlgorithm.Create CryptoConfig.CreateFromName",
        constant=r"(?i)^(System\.Security\.Cryptography\.)?(md5|sha-?1)\b",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}` with MD5 or SHA-1"),
    ),
    Smell(
        rule="weak-hash",
        callees="IncrementalHash.CreateHash MD5.HashDataAsync SHA1.HashDataAsync",
        when=r"HashAlgorithmName\.(MD5|SHA1)\b|^(?!.*HashAlgorithmName)",
        unnamed=words.CHECKSUM_NAMES,
        after=words.CHECKSUM_NEAR,
        surely=words.SURELY,
        message=words.HASH.replace("{call}", "`{call}`"),
    ),
    Smell(
        rule="weak-cipher",
        callees="SymmetricAlgorithm.Create",
        constant=r"(?i)^(3?des|tripledes|rc2)$",
        message=words.CIPHER,
    ),
    Smell(
        rule="weak-cipher",
        callees="*.EncryptEcb|DecryptEcb",
        message=words.CIPHER,
    ),
    Smell(
        rule="deserialisation",
        callees="Typeless.Deserialize MessagePackSerializer.Typeless.Deserialize"
        " new BinaryMessageFormatter",
        message="`{call}` makes objects of any type that its input names; take a format of "
        "plain data",
    ),
    Smell(
        rule="temporary",
        callees="Path.Combine Path.Join",
        when=r"""^\(\s*(System\.IO\.)?Path\.GetTempPath\(\)\s*,\s*@?"[\w-]+\.\w+"\s*\)$""",
        file=r"File\.(Write\w*|Create\w*|OpenWrite|Append\w*)\(|new\s+(StreamWriter|FileStream)\(",
        message=words.FIXED.replace("{better}", "`Path.GetRandomFileName`"),
    ),
    Smell(
        rule="permissions",
        callees="Directory.CreateDirectory",
        when=r"UnixFileMode\.OtherWrite",
        message=words.EVERYBODY,
    ),
    Smell(
        rule="permissions",
        callees="new MutexAccessRule|RegistryAccessRule|EventWaitHandleAccessRule"
        "|SemaphoreAccessRule|PipeAccessRule",
        when=r'"Everyone"|WorldSid',
        unless=r"Deny|\bRead\w*\s*,",
        message="everybody on this machine gets these rights",
    ),
    Smell(
        rule="certificates",
        callees="new SslStream",
        when=rf"(?s),\s*{ALWAYS[4:]}\s*[,)]",
        message=words.CERTIFICATE,
    ),
    Smell(
        rule="debug",
        callees="*.UseDatabaseErrorPage|UseMigrationsEndPoint",
        after=r"IsDevelopment|IsEnvironment|#if\s+DEBUG",
        message=words.DEBUG,
    ),
    Smell(
        rule="bind",
        callees="*.ListenAnyIP",
        message=words.BIND,
    ),
    Smell(
        rule="bind",
        callees="*.Listen",
        when=r"IPAddress\.(IPv6)?Any\b\s*,\s*[1-9]",
        message=words.BIND,
    ),
)
