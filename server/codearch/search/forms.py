"""Words that mean the same to a programmer: other endings, and the usual abbreviations."""

from __future__ import annotations

import functools
import re
from string import ascii_lowercase

# Words of questions that say nothing of what is looked for.
STOP_WORDS = frozenset(
    """
    a an and are as at be been being by can could did do does doing for from had has have how i
    if in into is it its me my of on or our should so such than that the their then there these
    they this those to was we were what when where which while who whose why will with would you
    your
    """.split()  # noqa: SIM905 - a list of words is read as one
)

# Endings that leave a stem of three letters, and those that only longer stems may lose.
_ENDINGS = (
    "ational|ization|isation|ating|ators|ition|izing|ising|ution|ated|ates|ator|ings|ions|ized|izer"
    "|ised|iser|ate|ers|ing|ion|ize|ise|ors"
)
_OF_LONGER = "ation|able|ance|ence|ible|ment|ness|ity|ive|al|ed|er|ly|or|e|y"
_ENDED = re.compile(f"([a-z]{{3,}}?)(?:{_ENDINGS}|(?<=[a-z]{{4}})(?:{_OF_LONGER}))")
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_MISSPELT = 5  # letters

# Each line: a short word, and what it may be short for in nearly all code.
_ABBREVIATIONS = """
addr address
alloc allocate allocator allocation
arg argument
async asynchronous
attr attribute
auth authenticate authentication authorization authorize
avg average
bg background
buf buffer
calc calculate
cb callback
cert certificate
cfg config configuration
conf config configuration
config configuration configure
char character
cmd command
cmp compare comparison
col column
conn connection connect
coord coordinate
ctx context
ctrl control
ctor constructor
db database
dec decrement
decl declaration
def definition define
del delete
deps dependency dependencies
desc description
dest destination dst
dev development
dict dictionary
diff difference
dir directory folder
dirs directories folders
folder directory
doc document documentation
docs documents documentation
elem element
enum enumeration
env environment
err error
eval evaluate evaluation
exec execute execution
expr expression
ext extension
fd descriptor
fmt format
fn function
func function
freq frequency
gc garbage
gen generate generator
hist history
id identifier
idx index
img image
impl implementation implement
inc increment
info information
init initialize initialise initialization
int integer
intro introduction
iter iterator iterate
kwargs keyword
lang language
len length
lib library
max maximum
mem memory
mgr manager
min minimum
misc miscellaneous
mod module
msg message
mut mutable
mutex lock
nav navigation
net network
num number
obj object
op operation operator
opt option optional
orig original
os operating
param parameter
perf performance
perm permission
pkg package
pos position
pred predicate
prefs preferences
prev previous
priv private
proc process
prog program
prop property
props properties
ptr pointer
pub public
pwd password
qty quantity
rand random
recv receive
ref reference
regex regexp
rel relative
repo repository
req request
res response
resp response
ret return
remove delete
rm remove delete
sched schedule scheduler
sec second
seq sequence
sig signature signal
spec specification
src source
stat statistic
stats statistics
std standard
str string
stmt statement
struct structure
sub subscribe
svc service
sym symbol
sync synchronize synchronise synchronous synchronization
sys system
tbl table
temp temporary
tmp temporary temp
tok token
tx transaction txn
uid user
util utility
utils utilities
val value
var variable
vec vector
ver version
win window
"""


def stem(word: str) -> str:
    """Return a key that a word shares with its other forms: parse, parser, parsing, parsed.

    Endings are taken off once, and only where a stem of some length is left; that merges a little
    more than a linguist would, which the lower weight of forms allows for.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    return _tidied(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    found = _ENDED.fullmatch(word)
    if found is None:
        return word
    return found[1] if _VOWEL.search(found[1]) else word


def _tidied(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouy":
        word = word[:-1]
    if len(word) > 4 and word.endswith(("e", "y")):
        return word[:-1]
    if len(word) > 4 and word.endswith("i"):
        return word[:-1]
    return word


def misspellings(word: str) -> set[str]:
    """Return what may have been meant: one letter left out, put in, changed, or two exchanged.

    Short words are one letter away from too many others (after Norvig, 2007).
    """
    if len(word) < _SHORTEST_MISSPELT or not (word.isascii() and word.isalpha()):
        return set()
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in ascii_lowercase:
        found |= {left + letter + right[1:] for left, right in cuts if right}
        found |= {left + letter + right for left, right in cuts}
    return found - {word}


@functools.cache
def _abbreviations() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _ABBREVIATIONS.strip().splitlines():
        short, *rest = line.split()
        for word in rest:
            table.setdefault(short, set()).add(word)
            table.setdefault(word, set()).add(short)
    return {word: frozenset(others) for word, others in table.items()}


def abbreviations(word: str) -> frozenset[str]:
    """Return what a word is usually shortened to, or what it is usually short for."""
    table = _abbreviations()
    found = table.get(word)
    if found is None and word.endswith("s"):
        found = table.get(word[:-1])
    return found or frozenset()
