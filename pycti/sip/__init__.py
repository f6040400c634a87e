"""Follow calls over SIP, without I/O (RFC 3261, 6665, 4235, 7118).

WebSocket messages and ``now`` go in; messages to send, reports and one deadline come out. Start
reading in `user_agent`, which routes each message to its `subscription`; `incoming` parses messages
and `dialog_info` parses the documents in them.
"""
