"""The results as a person reads them, and as Markdown for docs/benchmarks.md."""


def number(value):
    """Three or four digits that say something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goal(figure):
    if figure.limit is not None:
        return f"≤ {number(figure.limit)} {figure.unit}"
    if figure.floor is not None:
        return f"≥ {number(figure.floor)} {figure.unit}"
    return f"≥ {figure.goal:.1f} ×"


def verdict(result):
    return {True: "reached", False: "missed", None: "not decided"}[result.is_met]


def order(result):
    """Lockstep, then the peers, the best first."""
    peers = [name for name in result.samples if name != "lockstep"]
    peers.sort(key=result.median, reverse=result.figure.more_is_better)
    return [name for name in ("lockstep",) if name in result.samples] + peers


def ratio(result):
    return f"{result.ratio:.2f} × ({min(result.ratios):.2f} … {max(result.ratios):.2f})"


def lines(result):
    """The lines for a terminal."""
    figure = result.figure
    yield f"{figure.name}: {figure.title}, {figure.unit}"
    for name in order(result):
        behind = f"   {ratio(result)}" if name == result.fastest else ""
        yield f"  {name:14} {number(result.median(name)):>9}  ± {result.spread(name):4.1%}{behind}"
    yield f"  goal {goal(figure)}: {verdict(result)}"


def markdown(results):
    """A table of all results."""
    yield "| work | unit | Lockstep | fastest peer | others | ratio (range of the rounds) | goal | |"
    yield "|---|---|---|---|---|---|---|---|"
    for result in results:
        yield "| " + " | ".join(cells(result)) + " |"


def cells(result):
    figure = result.figure

    def measured(name):
        return f"{number(result.median(name))} ± {result.spread(name):.0%}"

    others = [f"{name} {measured(name)}" for name in order(result) if name not in ("lockstep", result.fastest)]
    return [
        figure.title, figure.unit,
        measured("lockstep") if "lockstep" in result.samples else "–",
        f"{result.fastest} {measured(result.fastest)}" if result.fastest else "–",
        ", ".join(others) or "–",
        ratio(result) if result.ratio else "–",
        goal(figure), verdict(result),
    ]
