from tests.node_kill import kill_one

COUNT = 20_000


def test_a_node_that_is_killed_as_it_writes_loses_and_doubles_nothing_and_searches_go_on() -> None:
    outcome = kill_one(COUNT, timeout_s=30)  # this machine may have other work
    assert COUNT // 2 <= outcome.killed_at < COUNT
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.asked > 0
    assert outcome.unanswered == []
