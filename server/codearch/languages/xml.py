"""XML and its kin: elements that carry a name or an id."""

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="xml",
    title="XML",
    extensions=(
        ".xml",
        ".xsd",
        ".xsl",
        ".xslt",
        ".wsdl",
        ".pom",
        ".csproj",
        ".fsproj",
        ".vbproj",
        ".props",
        ".targets",
        ".nuspec",
        ".xaml",
        ".svg",
        ".plist",
        ".resx",
        ".config",
    ),
    sections=Sections(
        heads=heads(
            r"\s*<[\w:.-]+\b[^>]*?\s(?:x:)?(?:name|id|key|Name|Id|Key|Include)=\"(?P<name>[^\"]+)\"",
            r"\s*<(?P<name>dependencies|build|plugins|profiles|PropertyGroup|ItemGroup|Target)\b",
        ),
        blocks=(block("<!--", "-->"),),
    ),
)
