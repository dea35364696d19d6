from tests.outage import stop_for


def test_while_elasticsearch_hangs_or_is_gone_nothing_is_lost_and_pages_say_so() -> None:
    outcome = stop_for(hangs=8, away=8, timeout_s=2)
    assert outcome.opened > 0
    assert outcome.wrong == []
    assert outcome.waited > 0, "no camera wrote meanwhile"
    assert outcome.written > 0
    assert (outcome.lost, outcome.doubled) == (0, 0)
