"""statistics.json: distributions and tests (SciPy), and the growth and whole-curve tests by plain enumeration."""

import itertools
import math

import golden
import numpy as np
from scipy import stats

UNIT = 2.0**-24


def cumulative(distribution, parameters, points):
    return [
        {"parameter": parameter, "x": x, "p": float(distribution.cdf(x, parameter))}
        for parameter in parameters
        for x in points
    ]


def quantiles(distribution, parameters):
    probabilities = [0.005, 0.025, 0.05, 0.3, 0.5, 0.9, 0.95, 0.975, 0.99, 0.9995]
    return [
        {"parameter": parameter, "p": p, "x": float(distribution.ppf(p, parameter))}
        for parameter in parameters
        for p in probabilities
    ]


def intervals():
    result = []
    for count, total in [(0, 1), (1, 1), (0, 20), (3, 20), (10, 20), (20, 20), (81, 250), (1, 1000), (999, 1000)]:
        for confidence in (0.9, 0.95, 0.99):
            tail = (1 - confidence) / 2
            low = float(stats.beta.ppf(tail, count, total - count + 1)) if count else 0.0
            high = float(stats.beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
            # SciPy's own interval is found by a search that ends within 1e-12.
            interval = stats.binomtest(count, total).proportion_ci(confidence, "exact")
            assert abs(interval.low - low) < 1e-11 and abs(interval.high - high) < 1e-11
            result.append({"count": count, "total": total, "confidence": confidence, "low": low, "high": high})
    return result


def mcnemar():
    pairs = [(0, 0), (1, 0), (0, 6), (3, 3), (5, 14), (62, 62), (70, 54), (40, 84), (1, 200)]
    return [
        {"first": b, "second": c, "p": float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0}
        for b, c in pairs
    ]


def sign_flips(random):
    result = []
    for count in (1, 3, 6, 8, 10):
        for shift in (0.0, 0.8, 2.0):
            values = np.round(random.standard_normal(count) + shift, 6)
            # One value has two signs, both as extreme: SciPy wants two at least.
            p = 1.0
            if count > 1:
                p = stats.permutation_test(
                    (values,),
                    lambda x, axis=-1: x.mean(axis=axis),
                    permutation_type="samples",
                    n_resamples=np.inf,
                    alternative="two-sided",
                    vectorized=True,
                ).pvalue
            result.append({"values": values.tolist(), "p": float(p)})
    return result


def largest_t(random):
    """|t| by SciPy for every way to choose signs."""
    result = []
    for count, columns, shift in [(3, 2, 0.0), (8, 20, 0.0), (8, 20, 1.5), (9, 5, 0.7)]:
        rows = np.round(random.standard_normal((count, columns)) + shift, 6)

        def statistic(signs):
            t = stats.ttest_1samp(rows * np.array(signs)[:, None], 0).statistic
            return np.abs(t).max()

        observed = statistic([1] * count)
        all_signs = list(itertools.product((1, -1), repeat=count))
        extreme = sum(statistic(signs) >= observed * (1 - 1e-9) for signs in all_signs)
        result.append({"rows": rows.tolist(), "p": extreme / len(all_signs)})
    return result


def groups(random):
    result = []
    for first, second, shift in [(1, 1, 0.0), (2, 3, 1.0), (5, 5, 0.0), (5, 5, 4.0), (6, 4, 1.0)]:
        a = np.round(random.standard_normal(first), 6)
        b = np.round(random.standard_normal(second) + shift, 6)
        # SciPy doubles the smaller tail; the tail of |difference| is enumerated here.
        everything = np.concatenate([a, b])
        observed = abs(a.mean() - b.mean())
        ways = list(itertools.combinations(range(first + second), first))
        extreme = 0
        for chosen in ways:
            inside = np.zeros(first + second, bool)
            inside[list(chosen)] = True
            extreme += abs(everything[inside].mean() - everything[~inside].mean()) >= observed - 1e-12
        result.append({"a": a.tolist(), "b": b.tolist(), "p": extreme / len(ways)})
    return result


def mover(random):
    result = []
    for count, spread, shift in [(2, 1.0, 0.0), (3, 0.8, 0.3), (3, 0.3, 0.1), (8, 0.2, 0.05), (16, 1.0, 0.0), (40, 0.4, 2.0)]:
        finals = np.round(random.standard_normal(count), 6)
        differences = np.round(spread * random.standard_normal(count) + shift, 6)
        mean, sigma, deviation = abs(differences.mean()), np.std(finals, ddof=1), differences.std(ddof=1)

        def bound(seeds):
            error = stats.t.ppf(0.95, seeds - 1) * deviation / math.sqrt(seeds)
            lower = sigma * math.sqrt((seeds - 1) / stats.chi2.ppf(0.95, seeds - 1))
            return float(mean - sigma + math.sqrt(error**2 + (sigma - lower) ** 2))

        needed = next((seeds for seeds in range(count, 201) if bound(seeds) < 0), None)
        result.append(
            {
                "differences": differences.tolist(),
                "finals": finals.tolist(),
                "bound": bound(count),
                "seedsNeeded": needed,
            }
        )
    return result


def ratios(random):
    result = []
    for first, second, factor in [(2, 2, 1.0), (5, 3, 80.0), (20, 20, 2.5)]:
        a = np.round(np.exp(0.1 * random.standard_normal(first)), 6)
        b = np.round(factor * np.exp(0.2 * random.standard_normal(second)), 6)
        interval = stats.ttest_ind(np.log(b), np.log(a), equal_var=False).confidence_interval(0.95)
        result.append(
            {
                "a": a.tolist(),
                "b": b.tolist(),
                "ratio": float(np.exp(np.log(b).mean() - np.log(a).mean())),
                "low": float(np.exp(interval.low)),
                "high": float(np.exp(interval.high)),
            }
        )
    return result


def departing(random, base, size, start):
    """A curve that departs from another as rounding does: small, then by a factor a step from some step on."""
    factor = 1.6 ** np.maximum(np.arange(len(base)) - start, 0)
    return base * np.exp(np.clip(size * factor * random.standard_normal(len(base)), -0.5, 0.5))


def growth(random):
    result = []
    for seeds, twins, steps, size in [(3, 5, 30, 1e-7), (3, 5, 30, 1e-4), (2, 3, 12, 1e-7), (4, 5, 40, 3e-3), (5, 2, 25, 1e-6)]:
        case = {"seeds": []}
        growth_of_seeds = []
        for _ in range(seeds):
            a = 2.3 * np.exp(-0.05 * np.arange(steps)) * np.exp(0.1 * random.standard_normal(steps))
            b = departing(random, a, size, 12)
            others = [departing(random, a, 1e-7, 10 + index) for index in range(twins)]
            case["seeds"].append({"a": a.tolist(), "b": b.tolist(), "twins": [twin.tolist() for twin in others]})
            curves = np.array(
                [
                    np.log10(np.maximum.accumulate(np.maximum(np.abs(np.log(a) - np.log(x)), UNIT / 2)))
                    for x in [b, *others]
                ]
            )
            window = np.median(curves, 0) <= math.log10(100 * UNIT)
            if window.sum() < 5:
                window = np.arange(steps) < 20
            growth_of_seeds.append(np.median(curves[:, window], axis=1))
        observed = sum(values[0] for values in growth_of_seeds)
        sums = [sum(choice) for choice in itertools.product(*growth_of_seeds)]
        excesses = [values[0] - np.median(values[1:]) for values in growth_of_seeds]
        upper = np.mean(excesses) + stats.t.ppf(0.95, seeds - 1) * stats.sem(excesses)
        case["p"] = sum(value >= observed - 1e-12 for value in sums) / len(sums)
        case["medianExcess"] = float(np.median(excesses))
        case["excessUpperBound"] = float(upper)
        result.append(case)
    return result


def main():
    random = golden.random_for("statistics")
    golden.write(
        "statistics.json",
        {
            "script": "scripts/goldens/make_statistics.py",
            "studentT": cumulative(stats.t, [1, 2, 2.5, 7, 30, 400], [-40.0, -3.0, -0.5, 0.0, 0.1, 1.0, 2.5, 12.0]),
            "studentTQuantiles": quantiles(stats.t, [1, 2, 2.5, 7, 30, 400]),
            "chiSquared": cumulative(stats.chi2, [1, 2, 5, 19, 200], [0.001, 0.5, 2.0, 10.0, 30.0, 190.0, 260.0]),
            "chiSquaredQuantiles": quantiles(stats.chi2, [1, 2, 5, 19, 200]),
            "intervals": intervals(),
            "mcNemar": mcnemar(),
            "signFlips": sign_flips(random),
            "largestT": largest_t(random),
            "groups": groups(random),
            "equivalence": mover(random),
            "ratios": ratios(random),
            "growth": growth(random),
        },
    )


if __name__ == "__main__":
    main()
