"""The Python side of the browser worker: one connector that serves every page of the origin.

Messages of ``web/src/common/protocol.d.ts`` go in and come out, one JSON text each. Start reading
in `worker`; `listeners` serves names, screen pops and the call log, `foreground` knows which page
is in front, `log_outbox` keeps log records until a page has stored them, and `limits` bounds what
a page may send.
"""
