"""Accounts: who may sign in, and as what."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from search.registry.tables import AccountRow
from web.errors import AccountError
from web.passwords import hash_password

ROLES = ("officer", "traffic", "admin", "auditor")
MAY_LOOK = ("officer", "traffic", "admin")  # an auditor sees who looked, and no plate
MAY_AUDIT = ("auditor",)
MAY_ADMINISTER = ("admin",)
LANGUAGES = ("vi", "en")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in, as Flask-Login wants to see them.

    Attributes:
        id: of the registry.
        username: as typed to sign in, and as the audit log names them.
        full_name: for people, may be empty.
        role: one of ROLES.
        language: one of LANGUAGES.
        is_active: whether they may sign in.
        stamp: changes with the password, so that older sessions end.
    """

    id: int
    username: str
    full_name: str
    role: str
    language: str
    is_active: bool
    stamp: str

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session keeps."""
        return f"{self.id}:{self.stamp}"

    @property
    def may_look(self) -> bool:
        """Whether they may ask for plates."""
        return self.role in MAY_LOOK

    @property
    def may_audit(self) -> bool:
        """Whether they may read the audit log."""
        return self.role in MAY_AUDIT

    @property
    def may_administer(self) -> bool:
        """Whether they may see how cameras and machines are."""
        return self.role in MAY_ADMINISTER


def account_of(row: AccountRow) -> Account:
    """A row of the registry as an account."""
    stamp = sha256(row.password_hash.encode()).hexdigest()[:16]
    return Account(row.id, row.username, row.full_name, row.role, row.language, row.active, stamp)


def add_account(
    engine: Engine, username: str, role: str, password: str, now: datetime, full_name: str = ""
) -> Account:
    """Make an account.

    Raises:
        AccountError: the name is taken, or name, role or password cannot be.
    """
    if not _USERNAME.fullmatch(username):
        raise AccountError(
            f"{username!r}: a name has 1 to 64 of a-z, 0-9, dot, hyphen and underscore"
        )
    if role not in ROLES:
        raise AccountError(f"{role!r} is no role: expected {', '.join(ROLES)}")
    row = AccountRow(
        username=username,
        full_name=full_name[:200],
        password_hash=hash_password(password),
        role=role,
        active=True,
        language="",  # until they choose
        created_at=now,
    )
    with Session(engine, expire_on_commit=False) as session, session.begin():
        if session.scalar(select(AccountRow).where(AccountRow.username == username)):
            raise AccountError(f"there is an account {username} already")
        session.add(row)
    return account_of(row)


def list_accounts(engine: Engine) -> list[Account]:
    """Every account, by name."""
    with Session(engine) as session:
        rows = session.scalars(select(AccountRow).order_by(AccountRow.username))
        return [account_of(row) for row in rows]


def set_password(engine: Engine, username: str, password: str) -> None:
    """Give an account another password; its sessions end."""
    kept = hash_password(password)
    with Session(engine) as session, session.begin():
        _row(session, username).password_hash = kept


def set_active(engine: Engine, username: str, active: bool) -> None:
    """Let somebody sign in, or no more; sessions end with the next page."""
    with Session(engine) as session, session.begin():
        _row(session, username).active = active


def set_language(engine: Engine, username: str, language: str) -> None:
    """Keep the language that somebody chose."""
    with Session(engine) as session, session.begin():
        _row(session, username).language = language


def session_account(engine: Engine, kept: str) -> Account | None:
    """Whose session it is; None if they may sign in no more, or changed their password."""
    number, _, stamp = kept.partition(":")
    if not number.isdecimal():
        return None
    with Session(engine) as session:
        row = session.get(AccountRow, int(number))
        account = None if row is None else account_of(row)
    return account if account and account.is_active and account.stamp == stamp else None


def _row(session: Session, username: str) -> AccountRow:
    row = session.scalar(select(AccountRow).where(AccountRow.username == username))
    if row is None:
        raise AccountError(f"there is no account {username}")
    return row
