"""The camera machine's side of sending: the spool goes to the centre over HTTPS."""

from search.sending.running import build_sender, run_sender, sender_fault
from search.sending.sender import Sender

__all__ = ["Sender", "build_sender", "run_sender", "sender_fault"]
