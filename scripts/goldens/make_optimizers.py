"""optimizers.json: PyTorch moves a few numbers along given gradients, with every optimizer Lockstep has, parameter
groups, clipped gradients and averaged weights. Lion is not part of PyTorch: it is written here from algorithm 2 of
Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023.

    scripts/goldens/make_optimizers.py [FOLDER]
"""

import golden
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS = 6
SHAPES = {"weight": (3, 4), "bias": (4,)}

# The names are those of OptimizerKind and its numbers, the values PyTorch's keyword arguments.
VARIANTS = [
    ("adam", "Adam", {"lr": 0.01}),
    ("adam weightDecay", "Adam", {"lr": 0.02, "weight_decay": 0.1}),
    ("adam betas", "Adam", {"lr": 0.01, "betas": (0.5, 0.75), "eps": 0.5}),
    ("adam amsgrad", "Adam", {"lr": 0.01, "amsgrad": True, "weight_decay": 0.01}),
    ("adamW", "AdamW", {"lr": 0.01}),
    ("adamW weightDecay", "AdamW", {"lr": 0.1, "weight_decay": 0.5}),
    ("adamW amsgrad", "AdamW", {"lr": 0.1, "weight_decay": 0.5, "amsgrad": True}),
    ("rmsProp", "RMSprop", {"lr": 0.01}),
    ("rmsProp momentum", "RMSprop", {"lr": 0.01, "momentum": 0.9, "alpha": 0.9}),
    ("rmsProp centered", "RMSprop", {"lr": 0.01, "centered": True, "weight_decay": 0.1, "eps": 1e-3}),
    ("rmsProp both", "RMSprop", {"lr": 0.01, "centered": True, "momentum": 0.5, "eps": 1e-3}),
    ("adagrad", "Adagrad", {"lr": 0.1}),
    ("adagrad decay", "Adagrad", {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.1}),
    ("adagrad initial", "Adagrad", {"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-3}),
    ("lion", "Lion", {"lr": 0.01}),
    ("lion weightDecay", "Lion", {"lr": 0.02, "betas": (0.8, 0.95), "weight_decay": 0.5}),
]


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), rate = group["betas"], group["lr"]
            for p in group["params"]:
                momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
                update = torch.sign(beta1 * momentum + (1 - beta1) * p.grad)
                p.sub_(rate * (update + group["weight_decay"] * p))
                momentum.copy_(beta2 * momentum + (1 - beta2) * p.grad)


def main():
    golden.write(
        "optimizers.json",
        {
            "script": "scripts/goldens/make_optimizers.py",
            "initial": {name: golden.tensor(value) for name, value in initial().items()},
            "gradients": [
                {name: golden.tensor(value) for name, value in gradients(step).items()}
                for step in range(STEPS)
            ],
            "variants": [variant(*entry) for entry in VARIANTS],
            "groups": groups(),
            "clipped": [
                clipped("norm", limit, lambda p, limit: torch.nn.utils.clip_grad_norm_(p, limit))
                for limit in [0.5, 3.0, 1000.0]
            ]
            + [clipped("value", 0.75, lambda p, limit: torch.nn.utils.clip_grad_value_(p, limit))],
            "average": average(),
        },
    )


def initial():
    return {name: golden.dyadic(golden.random_for(name), shape) for name, shape in SHAPES.items()}


def gradients(step):
    """Larger in some steps than in others, with an exact 0 now and then."""
    scale = [1, 1, 0.125, 4, 1, 0.5][step]
    return {
        name: golden.dyadic(golden.random_for(f"{name} {step}"), shape) * scale
        for name, shape in SHAPES.items()
    }


def parameters(dtype):
    return {
        name: value.to(dtype).clone().requires_grad_() for name, value in initial().items()
    }


def give_gradients(p, step):
    for name, gradient in gradients(step).items():
        p[name].grad = gradient.to(p[name].dtype)


def run(make, dtype):
    """The parameters after every step."""
    p = parameters(dtype)
    optimizer = make(p)
    result = []
    for step in range(STEPS):
        give_gradients(p, step)
        optimizer.step()
        result.append({name: golden.tensor(value.clone()) for name, value in p.items()})
    return result


def variant(name, kind, options):
    make = Lion if kind == "Lion" else getattr(torch.optim, kind)
    extra = {} if kind == "Lion" else {"foreach": False}
    settings = {key: list(value) if isinstance(value, tuple) else value for key, value in options.items()}
    return {"name": name, "settings": settings} | {
        precision: run(lambda p: make(p.values(), **options, **extra), dtype)
        for precision, dtype in [("float64", torch.float64), ("float32", torch.float32)]
    }


def groups():
    """AdamW, the bias with twice the rate and without weight decay."""
    return run(
        lambda p: torch.optim.AdamW(
            [
                {"params": [p["weight"]]},
                {"params": [p["bias"]], "lr": 0.1, "weight_decay": 0.0},
            ],
            lr=0.05,
            weight_decay=0.5,
        ),
        torch.float64,
    )


def clipped(kind, limit, clip):
    p = parameters(torch.float64)
    give_gradients(p, 3)
    clip(p.values(), limit)
    return {
        "kind": kind,
        "limit": limit,
        "gradients": {name: golden.tensor(value.grad) for name, value in p.items()},
    }


class Holder(torch.nn.Module):
    """Parameters, and a buffer that moves as running statistics do."""

    def __init__(self):
        super().__init__()
        for name, value in parameters(torch.float64).items():
            self.register_parameter(name, torch.nn.Parameter(value.detach()))
        self.register_buffer("statistic", torch.zeros(2, dtype=torch.float64))


def average():
    model = Holder()
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.75), use_buffers=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    result = []
    for step in range(STEPS):
        give_gradients(dict(model.named_parameters()), step)
        optimizer.step()
        model.statistic += step + 1
        average.update_parameters(model)
        result.append({name: golden.tensor(value.clone()) for name, value in average.module.state_dict().items()})
    return result


if __name__ == "__main__":
    main()
