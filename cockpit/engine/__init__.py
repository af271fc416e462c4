"""The engine: one turn is the stations in order. Its own process, no screen, no truth in memory.

`look` reads the spec and the facts and plans; `carry` does one step; `show` makes the snapshot for the screens;
`process` is the loop around them.
"""
