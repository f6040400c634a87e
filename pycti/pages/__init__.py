"""The Python side of the browser worker: one connector that serves every page of the origin.

The messages of ``web/src/common/protocol.d.ts`` go in and come out, each as a JSON text. Start
reading in `worker`; `listeners` serves names, screen pops and the call log, `foreground` determines
which page is in front, `log_outbox` keeps log records until a page has stored them, and `limits`
limits how much a page may send.
"""
