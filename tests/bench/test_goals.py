"""The goals judge what was measured, and only that."""

from bench.counters import Reading
from bench.goals import Goal, judge
from bench.load import Load
from bench.plan import Plan, full, quick
from bench.samples import Result, Sample


def measured(plan: Plan, rate: int = 100) -> dict[str, Result]:
    """Results of a plan whose every point answered `rate` requests in its one second, as expected."""
    results = {}
    for point in plan.points:
        load = Load(rate, 1.0, 10.0, 20.0, 30.0, 0, {point.case.expected: rate})
        results[point.key] = Result(point, [Sample(load, Reading(1.0, 1.0, rate, 1_000, rate, rate))])
    return results


def test_the_quick_plan_measures_every_goal_of_the_full_one() -> None:
    goals = [[goal.text for goal in judge(measured(plan), commits=0.1)] for plan in (quick(), full())]
    assert goals[0] == goals[1]
    assert len(goals[0]) == 12


def test_a_goal_without_its_measurement_is_not_judged() -> None:
    results = measured(quick())
    results["hot/a/32"].samples.clear()
    assert not any("over (a)" in goal.text and "hot" in goal.text for goal in judge(results, commits=None))


def test_the_sold_out_goal_takes_the_faster_of_the_rivals_figures() -> None:
    results = measured(quick())
    results["sold-out/b/32"] = measured(quick(), rate=200)["sold-out/b/32"]
    goal = next(goal for goal in judge(results, commits=None) if goal.text == "sold-out SKU over (b)")
    assert goal.measured == 0.5


def test_an_answer_that_was_not_expected_misses_its_goal() -> None:
    results = measured(quick())
    results["hot/service/256"].samples[0].load.answers.update({"200": 99, "503": 1})
    goal = next(goal for goal in judge(results, commits=None) if "other than the expected" in goal.text)
    assert (goal.measured, goal.met) == (1, False)


def test_a_missed_goal_says_by_how_much() -> None:
    assert Goal("a", measured=0.9, bar=1.0).verdict == "MISSED by 10%"
    assert Goal("b", measured=1.5, bar=1.2, at_most=True).verdict == "MISSED by 25%"
    assert Goal("c", measured=1.2, bar=1.2, at_most=True).verdict == "met"


def test_three_rounds_of_the_plans_fit_into_their_time() -> None:
    assert 3 * sum(point.seconds for point in quick().points) < 40
    assert 3 * sum(point.seconds for point in full().points) < 200
