"""The calls of every followed node.

Dialog documents (RFC 4235) and the results of REST requests go in; call events come out, each
state once. Start reading in `table`; `record` is one call as one node sees it, `causes` maps SIP
codes to the values of ``call.cause``, and `nodes` parses names such as ``queue:77``.
"""
