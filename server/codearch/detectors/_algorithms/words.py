"""How nine languages write the same things: node kinds, literals, and what libraries call them.

Data alone. What a function of a library does has one name here, that of its role.
"""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _table(text: str) -> dict[str, str]:
    """Return role by name, from lines `role: name name`; names have no case and no underscores."""
    found = {}
    for line in text.replace("\n    ", " ").strip().splitlines():
        role, _, names = line.partition(":")
        found.update(dict.fromkeys(names.split(), role.strip()))
    return found


ROLES = _table("""
size: len length size count strlen getlength getsize capacity numel
add: append push pushback add addlast emplaceback emplace pushstr write writestring writebyte
    writerune writechar enqueue offer addfirst pushfront unshift insert addall extend concat
    appendleft fprint heappush
take: pop popback popfront poll popleft dequeue removelast removefirst shift pollfirst polllast
    heappop
peek: peek front back last first lastmut top getlast getfirst peekfirst peeklast lastordefault
    firstordefault
has: contains includes has containskey containsvalue trygetvalue in
at: get charat at codepointat charcodeat getordefault getunchecked nth elementat getitem getmut
store: put setitem putifabsent
remove: remove delete erase removeat swapremove removeif
least: min fmin fminf fminl mind minby
most: max fmax fmaxf fmaxl maxd maxby
magnitude: abs fabs labs fabsf
power: pow powi powf powl
root: sqrt sqrtf isqrt
down: floor trunc truncate
up: ceil ceiling
nearest: round rint lround
remainder: fmod rem remeuclid
sorted: sort sorted sortby sortbykey sortunstable qsort stablesort orderby orderbydescending
    sortslice thenby slicestable ints strings
turned: reverse reversed rev
joined: join
split: split splitwhitespace splitn fields tokenize strtok
lower: lower tolower tolowercase toasciilowercase tolowerinvariant lowercase
upper: upper toupper touppercase toasciiuppercase toupperinvariant
trimmed: strip trim trimspace trimstart trimend lstrip rstrip trimleft trimright
replaced: replace replaceall replacen sub
found: find indexof index strchr findindex position rfind lastindexof strstr search
begins: startswith hasprefix
ends: endswith hassuffix
part: substring substr slice subvec sublist skip take getrange subarray copyofrange
letter: isalpha isletter isalphabetic isasciialphabetic
digit: isdigit isasciidigit isnumeric isnumber
capital: isupper isuppercase isasciiuppercase
small: islower islowercase isasciilowercase
blank: isspace iswhitespace isasciiwhitespace
alphanumeric: isalnum isletterordigit isalphanumeric isasciialphanumeric
parsed: int integer parseint atoi number todigit parsefloat float parsedouble strtol stoi tonumber
    parse valueof getnumericvalue tryparse toint32 strtod atof stod
random: random rand float64 nextdouble intn
swap: swap
zipped: zip
numbered: enumerate entries
emptied: clear
filled: fill memset repeat
pairs: items iteritems
keys: keys keyset
values: values
compare: cmp compare compareto comparestrings localecompare partialcmp totalcmp strcmp
sum: sum
sine: sin
cosine: cos
tangent: tan
arctangent: atan atan2
logarithm: log log2 log10 ln
exponential: exp
log: println print log debug info warn error warning console writeline fatal
closed: close dispose
locked: lock acquire
unlocked: unlock release
now: now time currenttimemillis systemtime
formatted: sprintf format formatted fprintf printf snprintf stringformat
made: vector hashmap make deque new map defaultdict arraydeque linkedlist arraylist hashset
    treemap linkedhashmap queue stack priorityqueue dictionary stringbuilder bytearray
    withcapacity malloc calloc counter ordereddict object bytebuffer
bisected: bisectleft searchints lowerbound partitionpoint
""")
THROUGH = names("""
    iter iterator intoiter itermut clone copied cloned collect tostring tostr str asstr
    chars bytes asbytes tochararray stream boxed tolist toarray toset list array from of
    tuple unwrap expect stringvalueof asref tovec toowned copy copyof slice asslice begin
    end cbegin ok some bool boolean ord chr char fromcharcode rune byte string buffer build
    tointarray maptoint maptoobj asstream uint8 uint16 uint32 uint64 int8 int16 int32 int64
    float32 bigint todictionary into aslist asmut deref await iterate frozenset set dict
    double long double64 decode encode utf8 getbytes getchars asenumerable u8 u16 u32 u64
    i32 i64 f64 usize imul wrappingvalue
""") - {"slice"}
OPERATING = {  # methods that are operators
    "wrappingmul": "*", "imul": "*", "wrappingadd": "+", "wrappingsub": "-", "checkedadd": "+",
    "mul": "*", "saturatingsub": "-", "xor": "^", "equals": "==", "eq": "==",
    "equalsignorecase": "==",
}  # fmt: skip
EACH = {  # what is done with a function for each element
    "map": "map", "select": "map", "filter": "filter", "where": "filter", "foreach": "each",
    "any": "any", "some": "any", "anymatch": "any", "all": "all", "every": "all",
    "allmatch": "all", "reduce": "fold", "fold": "fold", "inject": "fold", "aggregate": "fold",
    "flatmap": "map", "selectmany": "map", "filtermap": "map", "find": "find", "count": "count",
    "findif": "find", "first": "find", "foldl": "fold", "sum": "sum", "retain": "filter",
    "removeif": "filter", "takewhile": "filter", "skipwhile": "filter",
    "computeifabsent": "default",
    "orinsertwith": "default",
}  # fmt: skip
OPERATORS = {
    "&&": "and", "||": "or", "===": "==", "!==": "!=", "//": "/", ">>>": ">>", "is": "==",
    "is not": "!=", "<>": "!=", "!": "not",
}  # fmt: skip

LISTS = names("""
    list tuple set expression_list array array_initializer initializer_list array_expression
    initializer_expression tuple_expression literal_value pattern_list tuple_pattern
    list_pattern array_pattern structured_binding_declarator
    implicit_array_creation_expression collection_expression array_literal object dictionary
    block_mapping
""")
PAIRS = frozenset({"pair", "keyed_element"})
UNWRAPPED = {  # node kind: the field of what is inside
    "cast_expression": "value", "type_cast_expression": "value",
    "type_conversion_expression": "operand",
    "as_expression": "", "non_null_expression": "", "parenthesized_expression": "",
    "reference_expression": "value", "try_expression": "", "await_expression": "", "await": "",
    "argument": "", "spread_element": "", "list_splat": "", "literal_element": "",
    "keyword_argument": "value",
    "mut_pattern": "", "reference_pattern": "", "ref_pattern": "", "declaration_expression": "name",
    "pointer_declarator": "declarator", "array_declarator": "declarator", "case_pattern": "",
    "reference_declarator": "", "constant_pattern": "", "dimensions_expr": "", "match_pattern": "",
    "switch_label": "", "static_cast": "", "checked_expression": "", "condition_clause": "value",
    "variadic_argument": "", "interpolation": "", "template_substitution": "",
    "generic_function": "function",
    "parenthesized_pattern": "", "field_declaration": "",
}  # fmt: skip
BINARY = frozenset({"binary_operator", "binary_expression", "boolean_operator"})
UNARY = names("""
    not_operator unary_operator unary_expression prefix_unary_expression
    postfix_unary_expression pointer_expression
""")
INDEXES = names("""
    subscript subscript_expression index_expression array_access element_access_expression
    conditional_access_expression
""")
TEXTS = ("string", "char", "rune")
NUMBERS = ("int", "float", "number", "real", "decimal")
NOTHINGS = frozenset({"none", "null", "nil", "nullptr", "undefined", "null_literal", "NULL"})
TRUTHS = {"true": True, "True": True, "false": False, "False": False}
MODULES = names("""
    math strings sort np heapq std unicode strconv bytes random rand string re operator itertools
    bisect utf8 slices maps bits fmt os sys ctype cmath time
""")
FAMILIES = {  # languages of one family are no two languages
    "python": "python", "javascript": "ecmascript", "typescript": "ecmascript", "java": "java",
    "go": "go", "rust": "rust", "c": "c", "cpp": "c", "csharp": "csharp",
}  # fmt: skip
