"""Signing in, slower with each wrong password; counted in the registry, for every worker."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from search.registry.tables import AccountRow, FailedSignInRow
from web.accounts import Account, account_of
from web.errors import SignInError
from web.passwords import is_password

FREE = 3  # wrong passwords in a row without a wait
LONGEST_WAIT_S = 300  # so that nobody is locked out by others for a shift
FORGOTTEN = timedelta(days=1)  # after it the count begins anew


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong passwords in a row: 0, 0, 0, 2, 4, 8, ... 300."""
    return 0 if failures <= FREE else int(min(2.0 ** (failures - FREE), LONGEST_WAIT_S))


def sign_in(engine: Engine, username: str, password: str, now: datetime) -> Account:
    """Whose name and password these are.

    The attempt is counted before the password is looked at, so that many at once gain nothing.

    Raises:
        SignInError: not a name and its password, or it is too early to try again.
    """
    username = username.strip().lower()[:64]
    _count(engine, username, now)
    with Session(engine) as session:
        row = session.scalar(select(AccountRow).where(AccountRow.username == username))
        account = None if row is None else account_of(row)
        kept = None if row is None else row.password_hash
    if not is_password(password, kept) or account is None or not account.is_active:
        raise SignInError("the name or the password is wrong")
    with engine.begin() as connection:
        connection.execute(delete(FailedSignInRow).where(FailedSignInRow.username == username))
    return account


def _count(engine: Engine, username: str, now: datetime) -> None:
    rows = FailedSignInRow
    with engine.begin() as connection:
        connection.execute(delete(rows).where(rows.last_at < now - FORGOTTEN))
        found = connection.execute(
            select(rows.failures, rows.last_at).where(rows.username == username)
        ).first()
        if found is None:
            values = {"username": username, "failures": 1, "last_at": now}
            try:
                connection.execute(insert(rows).values(values))
            except IntegrityError:
                raise SignInError("somebody else is trying this name", 1) from None
            return
        failures, last_at = found
        left = (last_at + timedelta(seconds=wait_after(failures)) - now).total_seconds()
        if left > 0:
            raise SignInError("too many wrong passwords", int(left) + 1)
        counted: CursorResult[tuple[()]] = connection.execute(
            update(rows)
            .where(rows.username == username, rows.failures == failures)
            .values(failures=failures + 1, last_at=now)
        )
        if counted.rowcount == 0:
            raise SignInError("somebody else is trying this name", 1)
