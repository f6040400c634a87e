"""One session with the server, from login to logout.

Inputs (a command, an answer, a lost connection, a timer) go in; requests, SIP messages and
activity events come out. Start reading in `states`, the transition table; `pump` is the asyncio
side that runs it, `login` authenticates, `subscriptions` follows nodes over the WebSocket of
`sip_link`, and `confirmations` waits until a call reaches a state.
"""
