"""Nets in PyTorch, as docs/interchange.md says they correspond to model files."""

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, layers, shortcut=(), relu=False):
        super().__init__()
        self.layers, self.shortcut = nn.Sequential(*layers), nn.Sequential(*shortcut)
        self.activation = torch.relu if relu else lambda x: x

    def forward(self, x):
        return self.activation(self.layers(x) + self.shortcut(x))


class Branches(nn.Module):
    """Add, or with an axis Concatenate."""

    def __init__(self, branches, axis=None):
        super().__init__()
        self.branches, self.axis = nn.ModuleList(nn.Sequential(*branch) for branch in branches), axis

    def forward(self, x):
        results = [branch(x) for branch in self.branches]
        return sum(results) if self.axis is None else torch.cat(results, self.axis)


class ChannelsLast(nn.Module):
    """A module that has the channels of images last."""

    def __new__(cls, module):
        module.register_forward_pre_hook(lambda _, inputs: (inputs[0].permute(0, 2, 3, 1),))
        module.register_forward_hook(lambda _, inputs, output: output.permute(0, 3, 1, 2))
        return module


def w1():
    """models/w1.yaml; images of 28x28x1 in ten classes."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))


def resnet8():
    """models/resnet8.yaml; images of 32x32x3 in ten classes."""
    def conv(inputs, outputs, kernel=3, stride=1):
        return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)

    def block(inputs, outputs, stride):
        layers = [conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs), nn.ReLU(),
                  conv(outputs, outputs), nn.BatchNorm2d(outputs)]
        shortcut = [] if stride == 1 else [conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs)]
        return Residual(layers, shortcut, relu=True)

    return nn.Sequential(
        conv(3, 16), nn.BatchNorm2d(16), nn.ReLU(), block(16, 16, 1), block(16, 32, 2), block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def plain():
    """A convolution whose images are flattened, features that are normalised before a layer turns them."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.BatchNorm1d(36), nn.Tanh(),
        nn.Linear(36, 5), nn.SiLU(), nn.Linear(5, 3))


def mixed():
    """Every layer with weights that the others have not."""
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 8, 3, padding=1, groups=4), nn.GELU(),
        nn.GroupNorm(2, 8), nn.PReLU(8),
        nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1, groups=2), nn.LeakyReLU(0.01),
        ChannelsLast(nn.LayerNorm(6)),
        Residual([nn.Conv2d(6, 6, 1), nn.ReLU(), nn.Conv2d(6, 6, 3, padding=1)]),
        Branches([[nn.Conv2d(6, 3, 1)], [nn.AvgPool2d(3, 1, 1, count_include_pad=False)], []], axis=1),
        Branches([[nn.Conv2d(15, 4, 1), nn.Sigmoid()], [nn.Conv2d(15, 4, 3, padding=1)]]),
        nn.Sequential(nn.Upsample(scale_factor=2), nn.ZeroPad2d(1), nn.MaxPool2d(2)),
        nn.LayerNorm([4, 9, 9]), nn.PReLU(), nn.Flatten(), nn.Linear(324, 3))


def randomise(net, seed):
    """Weights and statistics that are not those of a new net."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if tensor.dtype.is_floating_point:
                spread = 0.5 if tensor.dim() < 2 else (2 / tensor[0].numel()) ** 0.5
                noise = torch.randn(tensor.shape, generator=generator) * spread
                tensor.copy_(noise.abs() + 0.5 if name.endswith("running_var") else noise)
    return net.eval()
