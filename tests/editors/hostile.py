"""A file whose name and text would do harm to whoever took them for commands or markup."""

NAME = "evil $(touch pwned) `touch pwned` | call system('touch pwned') %#<cfile>.py"
TEXT = '''def marmalade(jar):
    """[x](file:///etc/passwd#L1) `touch pwned` <script> | !touch pwned

    vim: set modeline foldexpr=system('touch\\ pwned') foldmethod=expr:
    -*- eval: (shell-command "touch pwned") -*-
    """
    return jar  # TODO: | call system('touch pwned')
'''
