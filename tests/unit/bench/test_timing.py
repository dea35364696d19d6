from tests.bench.timing import medians


class _Clock:
    """Tells a time that jobs move on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_job_gets_the_median_of_its_own_times_in_milliseconds() -> None:
    clock = _Clock()
    slow = iter([9.0, 2.0, 9.0, 3.0, 9.0, 8.0])

    def long_job() -> None:
        clock.now += next(slow)

    def short_job() -> None:
        clock.now += 0.5

    took = medians(
        {"long": long_job, "short": short_job}, rounds=3, clock=clock, sleep=lambda s: None
    )
    assert took == {"long": 3000.0, "short": 500.0}


def test_jobs_take_turns_and_are_done_once_after_a_rest_before_they_count() -> None:
    done: list[str] = []
    jobs = {"a": lambda: done.append("a"), "b": lambda: done.append("b")}
    medians(jobs, 2, _Clock(), lambda seconds: done.append("-"))
    assert "".join(done) == "-aa-bb-aa-bb"
