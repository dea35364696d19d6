"""Train the reader: `python -m models.training.train_reader --data ../shared/data/train`."""

from pathlib import Path
from zlib import crc32

import click
import cv2
import numpy as np
import torch
from torch.nn import functional

from models.training.reader_data import (
    ReaderStream,
    Sample,
    backgrounds,
    distort,
    encode,
    real_samples,
    rendered_samples,
)
from models.training.reader_net import BLANK, ReaderNet
from models.training.run import DEVICE, Run, half_precision

HELD_OUT = 16  # one plate text in so many is kept from training, to calibrate with
SMOOTHING = 0.03


def is_held_out(text: str) -> bool:
    """Whether crops of that plate are kept from training; the same on every machine."""
    return crc32(text.encode()) % HELD_OUT == 0


def loss_of(net: ReaderNet, views, slots, rows, colours) -> torch.Tensor:
    """Loss of a batch: every slot, and the rows and the colour where they are known."""
    with half_precision():
        logits, row_logits, colour_logits = net(views)
    # blanks after the end are many and easy: they count a quarter
    weight = torch.ones(BLANK + 1, device=DEVICE)
    weight[BLANK] = 0.25
    loss = functional.cross_entropy(
        logits.float().flatten(0, 1), slots.flatten(), weight, label_smoothing=SMOOTHING
    )
    for head, wanted in ((row_logits, rows), (colour_logits, colours)):
        if (wanted >= 0).any():
            loss = loss + 0.1 * functional.cross_entropy(head.float(), wanted)
    return loss


def held_out_views(samples: list[Sample], patches: np.ndarray, seed: int):
    """Fixed distorted views of samples, (N, 64, 160, 3), and their slots (N, 10)."""
    rng = np.random.default_rng(seed)
    views, slots = [], []
    for sample in samples:
        flat = sample.picture.shape[0] == 80
        behind = patches[int(rng.integers(len(patches)))] if flat else None
        views.append(distort(sample, behind, rng))
        slots.append(encode(sample.text))
    return torch.from_numpy(np.stack(views)), torch.tensor(slots)


@torch.no_grad()
def exact(net: ReaderNet, views: torch.Tensor, slots: torch.Tensor) -> float:
    """Share of crops whose every slot is right."""
    right = [
        (net(views[i : i + 64].to(DEVICE))[0].argmax(2).cpu() == slots[i : i + 64]).all(1)
        for i in range(0, len(views), 64)
    ]
    return torch.cat(right).float().mean().item()


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path(".cache/training/reader"))
@click.option("--minutes", default=80.0, help="Training time over all starts of this run.")
@click.option("--rendered", default=40_000, help="Rendered plates to draw.")
@click.option("--threads", default=2)
@click.option("--seed", default=1)
def main(data: Path, out: Path, minutes: float, rendered: int, threads: int, seed: int) -> None:
    """Train, or take up a run that was stopped, until its minutes are up."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)  # its threads do not outlive the fork of the data loader
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    run = Run(ReaderNet(), out, minutes, top_rate=2e-3)
    real = real_samples(data)
    learn = [s for s in real if not is_held_out(s.text)]
    held = [s for s in real if is_held_out(s.text)]
    patches = backgrounds(data, 3000, seed)
    run.tell(f"{len(learn)} real crops to learn, {len(held)} held out; drawing {rendered}")
    drawn = rendered_samples(rendered, seed, out)
    real_views = held_out_views(held, patches, seed)
    drawn_views = held_out_views(drawn[:500], patches, seed)  # learned from, other views
    stream = ReaderStream(learn, drawn, patches, seed + run.steps)
    batches = torch.utils.data.DataLoader(stream, batch_size=64, num_workers=1, prefetch_factor=4)

    def watch() -> dict:
        return {
            "held_out_exact": round(exact(run.average, *real_views), 4),
            "rendered_exact": round(exact(run.average, *drawn_views), 4),
        }

    run.train(batches, lambda *batch: loss_of(run.net, *batch), watch)


if __name__ == "__main__":
    main()
