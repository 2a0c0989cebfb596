"""What the security rules share: tables of sinks, sources and sanitizers, and what follows values.

`<language>.py` is data alone (`TABLE`); `values` follows a value inside a function and through one
call, `sinks` looks for places, `rules` makes findings of them.
"""
