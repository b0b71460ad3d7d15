"""schedules.json: the learning rates, and of one cycle the momenta, that PyTorch's schedulers give step by step.

    scripts/goldens/make_schedules.py [FOLDER]
"""

import golden
import torch
from torch.optim import lr_scheduler

BASE = 0.4
STEPS = 40

# Name, scheduler, its arguments, steps in all.
PLAIN = [
    ("step", "StepLR", {"step_size": 7, "gamma": 0.3}),
    ("multiStep", "MultiStepLR", {"milestones": [5, 6, 30], "gamma": 0.25}),
    ("exponential", "ExponentialLR", {"gamma": 0.9}),
    ("cosine", "CosineAnnealingLR", {"T_max": 40, "eta_min": 0.05}),
    ("cosine beyond its length", "CosineAnnealingLR", {"T_max": 12, "eta_min": 0.0}),
    ("oneCycle", "OneCycleLR", {"max_lr": BASE, "total_steps": 40}),
    (
        "oneCycle linear",
        "OneCycleLR",
        {
            "max_lr": BASE,
            "total_steps": 40,
            "pct_start": 0.45,
            "anneal_strategy": "linear",
            "div_factor": 10.0,
            "final_div_factor": 100.0,
            "base_momentum": 0.7,
            "max_momentum": 0.9,
        },
    ),
]

PLATEAUS = [
    ("relative", {"factor": 0.5, "patience": 2, "threshold": 0.1}),
    ("absolute", {"factor": 0.5, "patience": 1, "threshold": 0.05, "threshold_mode": "abs", "cooldown": 2}),
    ("higher is better", {"factor": 0.2, "patience": 0, "mode": "max", "min_lr": 0.01}),
    ("small changes", {"factor": 0.999, "patience": 0, "eps": 1e-3}),
]


def main():
    golden.write(
        "schedules.json",
        {
            "script": "scripts/goldens/make_schedules.py",
            "base": BASE,
            "plain": [{"name": name} | rates(make(kind, options)) for name, kind, options in PLAIN],
            "warmedUp": {
                "warmup": 5,
                "factor": 0.1,
                "rates": rates(warmed_up)["rates"],
            },
            "plateaus": [plateau(name, options) for name, options in PLATEAUS],
        },
    )


def optimizer():
    p = torch.zeros(1, requires_grad=True)
    return torch.optim.SGD([p], lr=BASE, momentum=0.9)


def make(kind, options):
    return lambda optimizer: getattr(lr_scheduler, kind)(optimizer, **options)


def warmed_up(optimizer):
    rise = lr_scheduler.LinearLR(optimizer, start_factor=0.1, end_factor=1.0, total_iters=5)
    fall = lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS - 5)
    return lr_scheduler.SequentialLR(optimizer, [rise, fall], milestones=[5])


def rates(make):
    moving = optimizer()
    schedule = make(moving)
    rates, momenta = [], []
    for step in range(STEPS):
        rates.append(moving.param_groups[0]["lr"])
        momenta.append(moving.param_groups[0]["momentum"])
        moving.step()
        if step + 1 < STEPS:
            schedule.step()
    return {"rates": rates, "momenta": momenta}


def plateau(name, options):
    moving = optimizer()
    schedule = lr_scheduler.ReduceLROnPlateau(moving, **options)
    values = golden.dyadic(golden.random_for(name), (STEPS,), 0.25, 2.0)
    values = (values * torch.linspace(1, 0.5, STEPS).double()).tolist()
    rates = []
    for value in values:
        schedule.step(value)
        rates.append(moving.param_groups[0]["lr"])
    return {"name": name, "values": values, "rates": rates}


if __name__ == "__main__":
    main()
