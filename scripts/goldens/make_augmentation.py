"""augmentation.json: what happens to an image, and the losses of weighted and mixed labels, by PyTorch."""

import golden
import numpy as np
import torch
import torch.nn.functional as F
from formula import uniform

SIZES = ((5, 7, 1), (6, 6, 3), (4, 5, 4))
ANGLES = (-180, -90, -31.5, -5, 0.25, 17, 45, 90, 133)
LUMA = (0.2989, 0.587, 0.114)


def image(height, width, channels, number):
    """Bytes, and the samples that ToTensor makes of them: [channels, height, width] in 0…1."""
    values = np.floor((uniform(number, [height, width, channels], 2) / 2 + 0.5) * 255.999).astype(np.uint8)
    return values, torch.from_numpy(values).permute(2, 0, 1).to(torch.float32) / 255


def listed(samples):
    """Samples in the order height, width, channels."""
    return [golden.number(float(value)) for value in samples.permute(1, 2, 0).reshape(-1)]


def rotated(samples, angle):
    """As torchvision's rotate of a tensor with bilinear interpolation: counterclockwise, black around."""
    _, height, width = samples.shape
    radians = np.deg2rad(angle)
    y, x = np.meshgrid(
        np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2, indexing="ij"
    )
    column = np.cos(radians) * x - np.sin(radians) * y + (width - 1) / 2
    row = np.sin(radians) * x + np.cos(radians) * y + (height - 1) / 2
    # grid_sample counts from -1 at the first pixel's outer edge to 1 at the last one's.
    grid = np.stack([(2 * column + 1) / width - 1, (2 * row + 1) / height - 1], axis=-1)
    return F.grid_sample(
        samples.double()[None], torch.from_numpy(grid)[None], mode="bilinear", padding_mode="zeros",
        align_corners=False,
    )[0].float()  # fmt: skip


def jittered(samples, brightness, contrast):
    """As torchvision's adjust_brightness and adjust_contrast; transparency is no colour."""
    colours = samples[:3] if samples.shape[0] == 4 else samples
    colours = (colours * brightness).clamp(0, 1)
    gray = colours[0] if colours.shape[0] == 1 else sum(w * c for w, c in zip(LUMA, colours))
    colours = (contrast * colours + (1 - contrast) * gray.mean()).clamp(0, 1)
    return torch.cat([colours, samples[3:]]) if samples.shape[0] == 4 else colours


def images():
    cases = []
    for number, (height, width, channels) in enumerate(SIZES):
        values, samples = image(height, width, channels, 10 + number)
        base = {"height": height, "width": width, "channels": channels, "image": values.reshape(-1).tolist()}

        def add(kind, result, **settings):
            cases.append({"kind": kind, **base, **settings, "result": listed(result)})

        padded = F.pad(samples, (2, 2, 2, 2))
        for row, column in ((0, 0), (1, 4), (4, 3)):
            add("crop", padded[:, row : row + height, column : column + width], row=row - 2, column=column - 2)
        add("mirror", samples.flip(-1))
        add("upside down", samples.flip(-2))
        for angle in ANGLES:
            add("rotate", rotated(samples, angle), angle=angle)
        add("jitter", jittered(samples, 1.25, 0.5), brightness=1.25, contrast=0.5)
        mean, deviation = [0.25 + 0.1 * c for c in range(channels)], [0.5 - 0.1 * c for c in range(channels)]
        normalized = (samples - torch.tensor(mean)[:, None, None]) / torch.tensor(deviation)[:, None, None]
        add("normalize", normalized, mean=mean, deviation=deviation)
        erased = normalized.clone()
        erased[:, 1:3, 2:4] = 0
        add("erase", erased, mean=mean, deviation=deviation)
    return cases


def losses():
    cases = []
    for number, (count, classes) in enumerate(((4, 3), (7, 5))):
        logits = torch.from_numpy(uniform(40 + number, [count, classes], 4).astype(np.float64))
        labels = torch.tensor([(3 * i + number) % classes for i in range(count)])
        partners = labels.roll(1)
        weights = torch.tensor([0.5 + 0.75 * c for c in range(classes)], dtype=torch.float64)
        for smoothing in (0.0, 0.1):
            for weight in (None, weights):
                for share in (1.0, 0.25):
                    x = logits.clone().requires_grad_()
                    loss = share * F.cross_entropy(x, labels, weight, label_smoothing=smoothing)
                    if share < 1:
                        rest = F.cross_entropy(x, partners, weight, label_smoothing=smoothing)
                        loss = loss + (1 - share) * rest
                    loss.backward()
                    cases.append({
                        "labels": labels.tolist(), "partners": partners.tolist(), "share": share,
                        "smoothing": smoothing, "weights": None if weight is None else weight.tolist(),
                        "classes": classes, "logits": logits.reshape(-1).tolist(), "loss": loss.item(),
                        "gradient": x.grad.reshape(-1).tolist(),
                    })  # fmt: skip
    return cases


def main():
    golden.write("augmentation.json", {"images": images(), "losses": losses()})


if __name__ == "__main__":
    main()
