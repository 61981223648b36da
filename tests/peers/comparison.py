"""Writes tests/fixtures/comparison.json: what SciPy, statsmodels and pandas answer to the questions of a comparison of arms.

    pip install scipy statsmodels pandas
    python tests/peers/comparison.py

JSON has no NaN and no infinity: null, "inf" and "-inf" stand for them.
"""

import itertools
import json
import math
import pathlib
import warnings

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

FIXTURE = pathlib.Path(__file__).parent.parent / "fixtures" / "comparison.json"
rng = np.random.default_rng(2407)


def plain(value):
    """What JSON can hold, to twelve digits."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else f"{value}" if math.isinf(value) else float(f"{value:.12g}")
    return value.item() if isinstance(value, np.generic) else value


def signed_rank(differences):
    """Zeros left out; exact up to 50 differences without ties, else normal with a continuity correction."""
    d = np.round([x for x in differences if not math.isnan(x)], 10)
    d = d[d != 0]
    if len(d) < 6:
        return math.nan
    clean = len(np.unique(np.abs(d))) == len(d) <= 50
    # An infinite difference has the last rank, which a large number has, too.
    d = np.where(np.isinf(d), np.sign(d) * 1e6, d)
    return stats.wilcoxon(d, method="exact" if clean else "asymptotic", correction=not clean).pvalue


def tests():
    vectors = {
        "five pairs": rng.normal(size=5),
        "six pairs, all up": np.arange(1, 7) / 10,
        "six pairs, three of them balanced": np.array([1, 2, -3, 4, -5, 1.5]),
        "both tails above a half": np.array([1, 2, -3, -4, 5, -6, 7.0]),
        "20 pairs": rng.normal(0.3, 1, 20),
        "50 pairs, all down": -np.arange(1, 51) / 7,
        "50 pairs": rng.normal(0.2, 1, 50),
        "51 pairs": rng.normal(0.2, 1, 51),
        "ties": np.round(rng.normal(0.4, 1, 30), 1) + 0.05,
        "zeros": np.concatenate([rng.normal(0.5, 1, 12), np.zeros(5)]),
        "only zeros": np.zeros(9),
        "not pairs": np.concatenate([rng.normal(1, 1, 9), [math.nan, math.nan]]),
        "misses": np.array([1, 2, -3, math.inf, math.inf, 0.5, -0.7, -math.inf, 2.2]),
    }
    return [{"name": name, "differences": d, "p": signed_rank(d)} for name, d in vectors.items()]


def families():
    for values in ([0.01, 0.02, 0.5], [0.04, 0.03, 0.02, 0.01], [0.2], [0.6, 0.5, 0.9], [0.012, 0.012, 0.049, 0.0004]):
        yield {"values": values, "adjusted": multipletests(values, method="holm")[1]}


def enumerated(organs, reference=None, statistic=np.nanmean):
    """
    Every draw of cases and seeds there is, equally likely: the bootstrap's own distribution. [organ, case, seed]
    A draw in which most cases miss an organ has an infinite median, which is larger than any other.
    """
    organs = np.array(organs, float)
    cases, seeds = organs.shape[1:]
    means = []
    for picked in itertools.product(range(cases), repeat=cases):
        for drawn in itertools.product(range(seeds), repeat=seeds):
            by_case = np.nanmean(organs[:, :, drawn], axis=2)
            if reference is not None:
                by_case = by_case - np.nanmean(np.array(reference, float)[:, :, drawn], axis=2)
            means.append(np.nanmean(statistic(by_case[:, picked], axis=1)))
    means = np.array(means)[~np.isnan(means)]
    low, high = np.percentile(means, [2.5, 97.5], method="linear" if np.isfinite(means).all() else "nearest")
    return {"low": low, "high": high}


def bootstraps():
    one = [[[0.7, 0.9], [0.8, 0.85], [0.5, 0.95], [0.6, 0.62]]]
    two = [*one, [[0.3, 0.2], [math.nan, 0.4], [0.6, 0.1], [math.nan, math.nan]]]
    yield {"name": "cases and seeds of one organ", "organs": one, **enumerated(one)}
    yield {"name": "two organs, with gaps", "organs": two, **enumerated(two)}
    base = [[[0.6, 0.85], [0.82, 0.8], [0.4, 0.9], [0.66, 0.6]]]
    yield {"name": "differences, the same seeds", "organs": one, "reference": base, **enumerated(one, base)}
    values = np.round(rng.beta(8, 2, 40), 4)
    ends = stats.bootstrap((values,), np.mean, n_resamples=100_000, method="percentile", rng=rng).confidence_interval
    yield {"name": "SciPy's bootstrap of 40 cases", "organs": values.reshape(1, 40, 1), "low": ends.low, "high": ends.high}
    median = {"statistic": "median"}
    far = [[[2.0, 3.5], [1.0, 1.2], [9.0, 4.0], [5.0, 6.5], [2.6, 2.9]]]
    both = [*far, [[7.0, 6.0], [math.nan, 2.0], [3.1, 3.3], [4.4, 8.0], [1.5, 1.1]]]
    missed = [[[2.0], [1.0], [math.inf], [5.0], [2.6], [3.3]]]
    near = [[[1.5, 3.0], [1.1, 1.5], [6.0, 4.5], [5.5, 4.0], [2.0, 2.1]]]
    yield {"name": "medians of cases and seeds", "organs": far, **median, **enumerated(far, statistic=np.nanmedian)}
    yield {"name": "medians of two organs, with gaps", "organs": both, **median, **enumerated(both, statistic=np.nanmedian)}
    yield {"name": "a median with a miss", "organs": missed, **median, **enumerated(missed, statistic=np.nanmedian)}
    answers = enumerated(far, near, statistic=np.nanmedian)
    yield {"name": "medians of differences, the same seeds", "organs": far, "reference": near, **median, **answers}
    skewed = np.round(stats.lognorm.ppf((np.arange(200) + 0.5) / 200, 1), 4)
    ends = stats.bootstrap((skewed,), np.median, n_resamples=100_000, method="percentile", rng=rng).confidence_interval
    organs = skewed.reshape(1, 200, 1)
    yield {"name": "SciPy's bootstrap of the median of 200 cases", "organs": organs, **median, "low": ends.low, "high": ends.high}


def rows():
    """Three arms of three seeds and one of another tool, two organs, 12 cases; one organ is absent, some are missed."""
    for arm, seeds, shift in [("mutual", 3, 0), ("independent", 3, -0.03), ("pooled", 3, -0.002), ("nnunet", 1, 0.02)]:
        for seed in range(1, seeds + 1):
            for case in range(12):
                for organ, level in [("Liver", 0.9), ("Spleen", 0.8)]:
                    noise = math.sin(case * 7 + level * 10) * 0.04 + math.sin(seed * 31 + case * 3 + len(arm) * level) * 0.02
                    dice, hd95 = round(level + shift + noise, 4), round(3 - 20 * (shift + noise), 2)
                    if organ == "Spleen" and case == 4:
                        dice, hd95 = math.nan, math.nan
                    if organ == "Spleen" and case == 7 and arm == "independent" and seed < 3:
                        dice, hd95 = 0.0, math.inf
                    if organ == "Liver" and case == 2 and arm == "nnunet":
                        continue
                    yield {"arm": arm, "seed": seed, "case": f"case_{case}", "organ": organ, "dice": dice, "hd95": hd95}


def compared(table, metric):
    """
    Answers by arm and organ; "mean" is over organs. A case has the mean over its seeds, infinite where one missed the organ;
    of Dice the mean over cases is compared, of distances the median.
    """
    statistic = "mean" if metric == "dice" else "median"
    defined = table.dropna(subset=[metric])
    by_case = defined.groupby(["arm", "organ", "case"])[metric].mean()
    answers = []
    for arm in table.arm.unique():
        for organ in ["Liver", "Spleen", "mean"]:
            organs = ["Liver", "Spleen"] if organ == "mean" else [organ]
            own = defined[(defined.arm == arm) & defined.organ.isin(organs)]
            by_seed = own.groupby(["seed", "organ"])[metric].agg(statistic).groupby("seed").mean()
            differences = [(by_case[arm, one] - by_case["mutual", one]) for one in organs]
            answer = {
                "arm": arm,
                "organ": organ,
                "value": np.mean([by_case[arm, one].agg(statistic) for one in organs]),
                "caseDeviation": by_case[arm, organ].std() if organ != "mean" and metric == "dice" else math.nan,
                "quartiles": [by_case[arm, organ].quantile(q) if organ != "mean" else math.nan for q in (0.25, 0.75)],
                "seedDeviation": by_seed.std(),
                "missed": int(np.isinf(table[(table.arm == arm) & table.organ.isin(organs)].hd95).sum()),
                "undefined": int(table[(table.arm == arm) & table.organ.isin(organs)].dice.isna().sum()),
            }
            if arm != "mutual":
                answer["difference"] = np.mean([one.dropna().agg(statistic) for one in differences])
                pairs = pd.concat(differences, axis=1)
                answer["p"] = signed_rank(pairs.mean(axis=1, skipna=True).dropna().to_numpy())
            answers.append(answer)
    for organ in ["Liver", "Spleen", "mean"]:
        family = [answer for answer in answers if answer["organ"] == organ and "p" in answer]
        for answer, adjusted in zip(family, multipletests([one["p"] for one in family], method="holm")[1]):
            answer["adjusted"] = adjusted
    return answers


if __name__ == "__main__":
    warnings.simplefilter("ignore", RuntimeWarning)  # cases and organs that a draw leaves without any value
    table = pd.DataFrame(rows())
    FIXTURE.write_text(
        json.dumps(
            {
                "signedRank": plain(tests()),
                "holm": plain(list(families())),
                "bootstrap": plain(list(bootstraps())),
                "rows": plain(table.to_dict("records")),
                "dice": plain(compared(table, "dice")),
                "hd95": plain(compared(table, "hd95")),
            }
        )
        + "\n"
    )
