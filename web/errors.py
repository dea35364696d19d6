"""Every error of `web`.

WebError
├── SignInError       somebody who may not sign in, or not yet
├── AccountError      an account that cannot be made or changed
└── ChildError        a process that was started and failed
"""


class WebError(Exception):
    """Root of the errors of `web`; the message says what to do."""


class SignInError(WebError):
    """Somebody who may not sign in, or not yet.

    Attributes:
        wait_s: seconds until the next attempt is looked at; 0 if it may be now.
    """

    def __init__(self, message: str, wait_s: int = 0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class AccountError(WebError):
    """An account that cannot be made or changed."""


class ChildError(WebError):
    """A process that was started and failed."""
