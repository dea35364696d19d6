"""What may become of an alert; pure."""

NEW = "new"
SEEN = "seen"
CONFIRMED = "confirmed"
REJECTED = "rejected"
PASSED_ON = "passed on"
CLOSED = "closed"
WITHDRAWN = "withdrawn"  # a later report of the passage said otherwise, before anybody judged

AT_WORK = (NEW, SEEN, CONFIRMED, PASSED_ON)
"""Those to which a further sighting belongs."""
UNJUDGED = (NEW, SEEN)
NEXT = {
    NEW: (SEEN, CONFIRMED, REJECTED, PASSED_ON),
    SEEN: (CONFIRMED, REJECTED, PASSED_ON),
    CONFIRMED: (PASSED_ON, CLOSED),
    PASSED_ON: (CONFIRMED, REJECTED, CLOSED),
    REJECTED: (SEEN,),
    CLOSED: (),
    WITHDRAWN: (),
}
"""What each may become."""
REJECTIONS = ("misread", "same text", "outdated", "duplicate", "other")
"""Why one is rejected: misread, another vehicle of the same text, a list out of date, ..."""
