"""The REST API of the telephony server.

Functions turn arguments into frozen requests, and the status and body of an answer into a frozen
result or a `CtiError`. Start reading in `api`, which does no I/O; `client` sends its requests
through a `Platform`, and `addresses` checks the endpoint's URL.
"""
