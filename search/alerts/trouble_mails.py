"""Mails that tell of troubles of cameras, in Vietnamese and once more in English; pure."""

from email.message import EmailMessage

from search.alerts.messages import Trouble
from search.local_time import format_at

_TROUBLES = {
    "down": ("không có hình", "no pictures come"),
    "silent": ("mất liên lạc với máy theo dõi camera", "its machine tells no more"),
    "blind": ("có hình nhưng không đọc được biển nào", "pictures come, and no plate can be read"),
}
_OVER = ("hoạt động trở lại", "it is well again")


def trouble_mail(trouble: Trouble) -> EmailMessage:
    """A mail without its addresses."""
    name = trouble.camera_name or trouble.camera
    place = ", ".join(filter(None, (f"{name} ({trouble.camera})", trouble.ward)))
    vietnamese, english = _OVER if trouble.is_over else _TROUBLES[trouble.condition]
    since = format_at(trouble.since)
    message = EmailMessage()
    message["Subject"] = f"[PlateTrail] Camera {trouble.camera}: {vietnamese}"
    lines = (
        f"Camera {place}: {vietnamese}.",
        f"Sự cố bắt đầu lúc {since}.",
        "",
        f"Camera {place}: {english}.",
        f"The trouble began at {since} (Hanoi).",
        "",
    )
    message.set_content("\n".join(lines))
    return message
