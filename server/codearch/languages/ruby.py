"""Ruby: modules, classes, methods, and the blocks of RSpec, Rake and Rails that have a name."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="ruby",
    title="Ruby",
    extensions=(
        ".rb",
        ".rake",
        ".gemspec",
        ".ru",
        ".podspec",
        ".jbuilder",
        ".thor",
        ".rbi",
        ".rbs",
    ),
    filenames=(
        "Gemfile",
        "Rakefile",
        "Guardfile",
        "Podfile",
        "Vagrantfile",
        "Fastfile",
        "Brewfile",
        "Capfile",
        "Dangerfile",
        ".irbrc",
    ),
    interpreters=("ruby", "jruby", "rake"),
    aliases=("rb",),
    sections=Sections(
        heads=heads(
            r"\s*(?:private |public |protected |private_class_method |module_function |memoize )?"
            r"def\s+(?:self\.)?(?P<name><=>|===?|=~|\[\]=?|[^\s(;=]+=?)",
            r"\s*(?:class|module)\s+(?P<name>[A-Z][\w:]*)",
            r"\s*class\s+<<\s*(?P<name>\w+)",
            r"\s*(?P<name>[A-Z]\w*)\s*=\s*(?:Struct|Class|Module|Data)\.(?:new|define)\b",
            r"\s*(?:RSpec\.)?(?:x?describe|x?context|feature|shared_examples(?:_for)?|shared_context)"
            r"\s*\(?\s*(?P<name>[^\s,].*?)\s*\)?\s*(?:,.*)?\s(?:do|\{)",
            r"\s*(?:x?it|specify|scenario|test|should|example)\s*\(?\s*[\"'](?P<name>[^\"']+)",
            r"\s*(?:namespace|task|desc|factory|scope|concern|define_method|helper_method|let!?)"
            r"\s*\(?\s*[:\"'](?P<name>[\w.:? -]+).*(?:do|\{|->)",
            r"\s*(?:included|class_methods|prepended|subject|before|after|around|setup)\b.*\bdo\b",
        ),
        comment=re.compile(r"#"),
        blocks=(block("=begin", "^=end"),),
        attribute=re.compile(r"sig\s*[{(d]"),
        test=re.compile(
            r"^\s*(?:RSpec\.)?x?(?:describe|context|it|specify|scenario|test|should)\b|def test_"
        ),
    ),
)
