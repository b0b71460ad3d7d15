"""From samples to a verdict: medians, ratios within rounds, goals."""

import dataclasses
import math
import statistics


@dataclasses.dataclass
class Result:
    """A figure with the samples of every contestant, round by round."""

    figure: object
    samples: dict  # name → list of a number for each round
    fastest: str | None = None
    ratio: float | None = None
    ratios: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        peers = [name for name in self.samples if name != "lockstep"]
        if peers and "lockstep" in self.samples:
            best = max if self.figure.more_is_better else min
            self.fastest = self.figure.against if self.figure.against in peers else best(peers, key=self.median)
            self.ratios = [self._better(*pair) for pair in zip(self.samples["lockstep"], self.samples[self.fastest])]
            self.ratio = statistics.median(self.ratios)

    def _better(self, ours, theirs):
        return ours / theirs if self.figure.more_is_better else theirs / ours

    def median(self, name):
        return statistics.median(self.samples[name])

    def spread(self, name):
        """Half of the distance between the quartiles, as a share of the median; 0 of a single sample."""
        values = self.samples[name]
        if len(values) < 2:
            return 0.0
        quartiles = statistics.quantiles(values, n=4, method="inclusive")
        return (quartiles[2] - quartiles[0]) / 2 / self.median(name)

    @property
    def is_met(self):
        """Whether the goal is reached; None where nothing can be said."""
        if "lockstep" not in self.samples:
            return None
        if self.figure.limit is not None:
            return self.median("lockstep") <= self.figure.limit
        if self.figure.floor is not None:
            return self.median("lockstep") >= self.figure.floor
        return None if self.ratio is None else self.ratio >= self.figure.goal


def check(name, checked, agreement):
    """Complaints about peers that do not compute the same: other parameters, other losses, losses that are no
    numbers or that do not fall. `checked` is what each peer said when it was ready."""
    complaints = []
    for key in ("parameters", "losses", "outputs"):
        said = {peer: message[key] for peer, message in checked.items() if key in message}
        if not said:
            continue
        first = next(iter(said))
        for peer, value in said.items():
            values, expected = (v if isinstance(v, list) else [v] for v in (value, said[first]))
            tolerance = 0 if key == "parameters" else agreement or 0
            if not all(math.isfinite(v) for v in values):
                complaints.append(f"{name}: {key} of {peer} are not finite: {values}")
            elif any(abs(v - e) > tolerance * abs(e) for v, e in zip(values, expected)):
                complaints.append(f"{name}: {key} of {peer} and {first} differ: {values} and {expected}")
            if key == "losses" and not min(values[1:]) < values[0]:
                complaints.append(f"{name}: the loss of {peer} does not fall: {values}")
    return complaints
