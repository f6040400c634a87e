"""The REST API of the telephony server.

Arguments go in as Python values and come out as frozen requests; answers go in as status and body
and come out as frozen results or a `CtiError`. Start reading in `api`, which does no I/O; `client`
sends its requests through a `Platform`, and `addresses` checks the endpoint's URL.
"""
