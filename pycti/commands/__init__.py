"""The commands that a page or a program may give.

A method name and its arguments go in; one outcome, or one `CtiError`, comes out. Start reading in
`table`, which lists every command; `arguments` checks types, `dialing` reads destinations, and
`detection` finds telephone numbers in text.
"""
