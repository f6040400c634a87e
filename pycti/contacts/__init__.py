"""The data that the connector adds to a call: the other party's name, notes, and the call log.

Call events go in; the same events with names, contacts and log records come out. Start reading in
`enrichment`; `lookup` asks the page's directory, `names` stores its answers, and `call_log`
creates the log record of a call that has ended.
"""
