"""Logins, second factors, tokens and API keys, with a manual clock."""

import pytest

from pycti.errors import ApiError
from pycti.pbx import demo_directory
from pycti.pbx.accounts import Accounts, LoggedIn, SecondFactorNeeded

from .manual import ManualTimers


@pytest.fixture
def timers() -> ManualTimers:
    return ManualTimers()


@pytest.fixture
def accounts(timers) -> Accounts:
    return Accounts(demo_directory(), timers.now)


def login(accounts: Accounts) -> LoggedIn:
    result = accounts.login("anna@example.com", "demo")
    assert isinstance(result, LoggedIn)
    return result


def nonce(accounts: Accounts) -> str:
    result = accounts.login("dora@example.com", "demo")
    assert isinstance(result, SecondFactorNeeded)
    return result.nonce


def test_a_login_returns_a_token_of_that_user(accounts):
    session = login(accounts)
    assert session.user_id == "10002"
    assert accounts.user(session.token).id == "10002"


def test_every_login_returns_another_token(accounts):
    assert login(accounts).token != login(accounts).token


def test_the_case_of_the_address_does_not_matter(accounts):
    assert isinstance(accounts.login(" Anna@Example.COM ", "demo"), LoggedIn)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("anna@example.com", "Demo"),
        ("nobody@example.com", "demo"),
        ("carla@example.com", ""),
        ("anna@example.com", "\ud800"),
    ],
)
def test_a_failed_login_does_not_reveal_the_reason(accounts, email, password):
    with pytest.raises(ApiError, match=r"^Invalid email and/or password\.$") as caught:
        accounts.login(email, password)
    assert caught.value.status == 401


def test_a_token_is_valid_while_it_is_used(accounts, timers):
    token = login(accounts).token
    for _ in range(5):
        timers.advance(29 * 60)
        accounts.user(token)


def test_a_token_expires_after_thirty_idle_minutes(accounts, timers):
    token = login(accounts).token
    timers.advance(30 * 60)
    with pytest.raises(ApiError):
        accounts.user(token)


def test_a_logout_ends_one_session_only(accounts):
    one, two = login(accounts), login(accounts)
    accounts.logout(one.token)
    accounts.user(two.token)
    with pytest.raises(ApiError):
        accounts.user(one.token)


def test_expire_ends_all_sessions_but_keeps_api_keys(accounts):
    token = login(accounts).token
    assert accounts.expire() == 1
    with pytest.raises(ApiError):
        accounts.user(token)
    assert accounts.user("demo-key-10002").id == "10002"


@pytest.mark.parametrize("credential", ["demo-key-10003", "10003:demo-key-10003"])
def test_an_api_key_may_include_its_user(accounts, credential):
    assert accounts.user(credential).id == "10003"


@pytest.mark.parametrize(
    "credential", ["10002:demo-key-10003", "demo-key", ":", "10002:", ":demo-key-10002", "10004:"]
)
def test_a_key_of_another_user_is_rejected(accounts, credential):
    with pytest.raises(ApiError) as caught:
        accounts.user(credential)
    assert caught.value.status == 401


def test_the_second_factor_completes_the_login_once(accounts):
    one = nonce(accounts)
    assert accounts.second_factor("123456", one).user_id == "10004"
    with pytest.raises(ApiError, match="start again"):
        accounts.second_factor("123456", one)


def test_a_wrong_code_can_be_corrected(accounts):
    one = nonce(accounts)
    with pytest.raises(ApiError, match="Invalid authentication code"):
        accounts.second_factor("000000", one)
    accounts.second_factor(" 123456 ", one)


def test_the_number_of_wrong_codes_is_limited(accounts):
    one = nonce(accounts)
    for _ in range(5):
        with pytest.raises(ApiError, match="Invalid authentication code"):
            accounts.second_factor("000000", one)
    with pytest.raises(ApiError, match="start again"):
        accounts.second_factor("123456", one)


def test_a_nonce_expires_after_five_minutes(accounts, timers):
    one = nonce(accounts)
    timers.advance(5 * 60)
    with pytest.raises(ApiError, match="start again"):
        accounts.second_factor("123456", one)


def test_sip_passwords_differ_by_user_and_start(accounts, timers):
    other = Accounts(demo_directory(), timers.now)
    passwords = {
        accounts.sip_password("10002"),
        accounts.sip_password("10003"),
        other.sip_password("10002"),
    }
    assert len(passwords) == 3
    assert accounts.sip_password("99999") is None
