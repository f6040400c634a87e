"""All errors have one base class, a stable code, a message and a hint."""

from __future__ import annotations

import pytest

from pycti import errors
from pycti.errors import (
    HINTS,
    ApiError,
    CallError,
    CtiError,
    InputError,
    MessageError,
    NetworkError,
    SessionExpiredError,
    SipError,
    StateError,
)


def test_to_json_has_code_message_and_hint():
    error = InputError("BAD_NUMBER", "'x' is not a number.")
    assert error.to_json() == {
        "code": "BAD_NUMBER",
        "message": "'x' is not a number.",
        "hint": HINTS["BAD_NUMBER"],
    }
    assert str(error) == "'x' is not a number."


def test_a_given_hint_replaces_the_default():
    assert CtiError("TIMEOUT", "late", "Look at the cable.").hint == "Look at the cable."


def test_an_unknown_code_has_no_hint():
    assert CtiError("NEW", "new").hint == ""


@pytest.mark.parametrize("code", sorted(HINTS))
def test_every_code_has_a_hint_that_is_a_sentence(code):
    assert HINTS[code].endswith(".")


def test_all_errors_have_one_base_class():
    for name in dir(errors):
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert issubclass(kind, CtiError), name


def test_an_api_error_has_the_http_status():
    error = ApiError(412, "No phone.")
    assert (error.status, error.code) == (412, "API_ERROR")


def test_a_call_error_is_already_reported_by_its_cancel_event():
    error = CallError("busy")
    assert (error.code, error.message, error.told) == ("CALL_FAILED", "busy", True)


def test_an_expired_session_is_already_reported_by_logged_out():
    error = SessionExpiredError(403)
    assert (error.code, error.status, error.told) == ("SESSION_EXPIRED", 403, True)


def test_other_errors_are_not_yet_reported():
    for error in (StateError("A", "b"), NetworkError("A", "b"), ApiError(500, "b")):
        assert not error.told


def test_a_sip_error_has_the_sip_status():
    assert (SipError(489, "x").status, SipError(489, "x").code) == (489, "SIP_ERROR")


def test_a_message_error_has_status_400_by_default():
    assert MessageError("x").status == 400
    assert MessageError("x", 415).status == 415
    assert MessageError("x").request is None
