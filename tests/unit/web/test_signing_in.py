from datetime import timedelta

import pytest

from search.registry.opening import open_registry
from web.accounts import (
    add_account,
    list_accounts,
    session_account,
    set_active,
    set_password,
)
from web.errors import AccountError, SignInError
from web.signing_in import sign_in, wait_after
from web.testing import NOON, PASSWORD, Office


def test_the_wait_grows_with_each_wrong_password_up_to_five_minutes() -> None:
    waits = [wait_after(failures) for failures in range(14)]
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_wrong_password_and_an_unknown_name_look_the_same(office: Office) -> None:
    known = office.visitor().sign_in("officer", "a wrong password")
    unknown = office.visitor().sign_in("nobody", "a wrong password")
    assert known.status_code == unknown.status_code == 401
    for response in (known, unknown):
        assert "Tên đăng nhập hoặc mật khẩu không đúng." in response.text


def test_after_some_wrong_passwords_even_the_right_one_waits(office: Office) -> None:
    registry, now = office.parts.registry, NOON
    for _ in range(4):
        with pytest.raises(SignInError, match="wrong"):
            sign_in(registry, "officer", "a wrong password", now)
    with pytest.raises(SignInError) as refused:
        sign_in(registry, "officer", PASSWORD, now + timedelta(seconds=1))
    assert refused.value.wait_s == 2
    assert sign_in(registry, "officer", PASSWORD, now + timedelta(seconds=2)).role == "officer"


def test_the_page_says_how_long_to_wait(office: Office) -> None:
    visitor = office.visitor()
    for _ in range(4):
        visitor.sign_in("officer", "a wrong password")
    response = visitor.sign_in("officer", PASSWORD)
    assert response.status_code == 429
    assert "hãy chờ 3 giây rồi thử lại" in response.text


def test_wrong_passwords_are_counted_for_every_process(office: Office) -> None:
    for _ in range(4):
        with pytest.raises(SignInError):
            sign_in(office.parts.registry, "officer", "a wrong password", NOON)
    other = open_registry(office.parts.settings.registry)
    with pytest.raises(SignInError, match="too many"):
        sign_in(other, "officer", PASSWORD, NOON)
    other.dispose()


def test_signing_in_forgets_the_wrong_passwords_before(office: Office) -> None:
    registry = office.parts.registry
    for _ in range(3):
        with pytest.raises(SignInError):
            sign_in(registry, "officer", "a wrong password", NOON)
        sign_in(registry, "officer", PASSWORD, NOON)


def test_who_is_locked_can_neither_sign_in_nor_go_on(office: Office) -> None:
    visitor = office.officer()
    set_active(office.parts.registry, "officer", False)
    assert visitor.get("/").location == "/sign-in"
    assert visitor.sign_in("officer", PASSWORD).status_code == 401


def test_another_password_ends_the_sessions(office: Office) -> None:
    visitor = office.officer()
    set_password(office.parts.registry, "officer", "another password")
    assert visitor.get("/").location == "/sign-in"
    assert visitor.sign_in("officer", "another password").location == "/"


def test_signing_out_ends_the_session(office: Office) -> None:
    visitor = office.officer()
    assert visitor.fill("/", "/sign-out").location == "/sign-in"
    assert visitor.get("/").location == "/sign-in"


def test_a_session_of_nonsense_is_nobody(office: Office) -> None:
    for kept in ("", "1", "x:y", "1:0000000000000000", "99:"):
        assert session_account(office.parts.registry, kept) is None


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("officer", "officer", "a long password", "already"),
        ("Anh Nam", "officer", "a long password", "a-z"),
        ("nam", "king", "a long password", "no role"),
        ("nam", "officer", "short", "10 characters"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    office: Office, name: str, role: str, password: str, said: str
) -> None:
    with pytest.raises(AccountError, match=said):
        add_account(office.parts.registry, name, role, password, NOON)
    assert len(list_accounts(office.parts.registry)) == 4


def test_the_cookie_is_closed_to_scripts_and_other_sites(office: Office) -> None:
    cookie = office.visitor().sign_in("officer", PASSWORD).headers["Set-Cookie"]
    assert cookie.startswith("platetrail=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
