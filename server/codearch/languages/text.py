"""Any text that no other language claims."""

from codearch.languages._language import Language

LANGUAGE = Language(name="text", title="Text", extensions=(".txt", ".text", ".log"))
