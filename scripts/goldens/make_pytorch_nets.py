#!/usr/bin/env python3
"""Writes Tests/Goldens/pytorch/: state dicts of small nets, and what PyTorch makes of images with them.

- NAME.safetensors is the state dict, as `safetensors.torch.save_file` writes it,
- NAME.npz has images `[batch, channels, height, width]`, and logits,
- NAME.yaml, written by hand, is the same net for Lockstep.

Needs PyTorch, safetensors and NumPy:  python scripts/goldens/make_pytorch_nets.py [folder]
"""

import pathlib
import sys

import golden  # the plainest kernels
import numpy as np
import safetensors.torch
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interchange"))
import nets  # noqa: E402

NETS = {"plain": (nets.plain, (1, 6, 6)), "mixed": (nets.mixed, (2, 8, 8))}


def main():
    folder = (pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else golden.FOLDER) / "pytorch"
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (make, shape)) in enumerate(NETS.items()):
        net = nets.randomise(make(), seed)
        images = torch.rand((5, *shape), generator=torch.Generator().manual_seed(100 + seed))
        with torch.no_grad():
            logits = net(images)
        safetensors.torch.save_file(net.state_dict(), folder / f"{name}.safetensors", metadata={"format": "pt"})
        np.savez(folder / f"{name}.npz", images=images.numpy(), logits=logits.numpy())
        print(f"{name}: {sum(t.numel() for t in net.state_dict().values())} numbers, logits {logits[0].tolist()}")


main()
