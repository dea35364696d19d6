from tests.bench.timing import WARMING_S, medians


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


def test_jobs_take_turns_and_get_warm_after_a_rest_before_they_count() -> None:
    clock = _Clock()
    done: list[str] = []

    def job(name: str, seconds: float) -> None:
        done.append(name)
        clock.now += seconds

    jobs = {"a": lambda: job("a", 1.0), "b": lambda: job("b", 0.75 * WARMING_S)}
    medians(jobs, 2, clock, lambda seconds: done.append("-"))
    assert "".join(done) == "-aa-bbb-aa-bbb"
