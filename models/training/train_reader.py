"""Train the reader: `python -m models.training.train_reader --data ../shared/data/train`."""

import random
from itertools import islice
from pathlib import Path

import click
import cv2
import numpy as np
import torch
from torch.nn import functional

from models.training.flat_plates import draw_sample
from models.training.held_out import is_held_out_text
from models.training.not_plates import street_pieces
from models.training.reader_crops import EXACT, HULL, Sample, real_samples
from models.training.reader_data import ReaderStream, encode
from models.training.reader_net import BLANK, ReaderNet
from models.training.reader_views import distort
from models.training.replay import Replay
from models.training.run import DEVICE, Run, half_precision
from models.training.shipped import load_shipped

SMOOTHING = 0.02
BEHIND = 3000  # pieces of streets that lie behind rendered plates
NOTHINGS = 4000  # pieces of streets without a plate
LEARNED_CORNERS = 0.5  # weight of the corners' loss
FRESH_RATE, GOING_ON_RATE = 2e-3, 8e-4  # highest rates, from nothing and from shipped weights
RATED = 64  # views in a batch that these rates are for; they grow with its root
STRAIGHT = 0.1  # weight of a box's own corners where the plate's are not known


def loss_of(net: ReaderNet, views, slots, rows, colours, corners, known) -> torch.Tensor:
    """Loss of a batch: every slot, and rows, colour and corners where they are known."""
    with half_precision():
        logits, row_logits, colour_logits, guesses = net(views)
    # blanks after the end are many and easy: they count a quarter
    weight = torch.ones(BLANK + 1, device=DEVICE)
    weight[BLANK] = 0.25
    loss = functional.cross_entropy(
        logits.float().flatten(0, 1), slots.flatten(), weight, label_smoothing=SMOOTHING
    )
    for head, wanted in ((row_logits, rows), (colour_logits, colours)):
        if (wanted >= 0).any():
            loss = loss + 0.1 * functional.cross_entropy(head.float(), wanted)
    return loss + LEARNED_CORNERS * corner_loss(guesses.float(), corners, known)


def corner_loss(guesses: torch.Tensor, corners: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Mean distance of the corners, or of the upright boxes around them where only that is known.

    Args:
        guesses: (N, 4, 2) shares of the view.
        corners: the same, as they are.
        known: (N,) NO_CORNERS, HULL or EXACT.
    """
    by_corner = functional.smooth_l1_loss(guesses, corners, reduction="none", beta=0.02)
    edges = [
        functional.smooth_l1_loss(guesses[:, pair, axis].mean(1), corners[:, pair, axis].mean(1),
                                  reduction="none", beta=0.02)
        for pair, axis in (([0, 1], 1), ([1, 2], 0), ([2, 3], 1), ([3, 0], 0))
    ]  # fmt: skip
    by_corner = by_corner.mean((1, 2))
    by_edge = torch.stack(edges, 1).mean(1) + STRAIGHT * by_corner
    each = torch.where(known == EXACT, by_corner, torch.where(known == HULL, by_edge, 0.0))
    return each.sum() / (known > 0).sum().clamp(min=1)


def held_out_views(samples: list[Sample], patches: np.ndarray, seed: int):
    """Fixed distorted views of samples, (N, 64, 160, 3), and their slots (N, 10)."""
    rng = np.random.default_rng(seed)
    views, slots = [], []
    for sample in samples:
        behind = None if sample.is_real else patches[int(rng.integers(len(patches)))]
        view = distort(sample, behind, rng)
        while not view.is_readable:
            view = distort(sample, behind, rng)
        views.append(view.picture)
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
@click.option("--minutes", default=245.0, help="Training time over all starts of this run.")
@click.option("--threads", default=2)
@click.option("--workers", default=1, help="Processes that draw views.")
@click.option("--batch", default=64, help="Views in a batch.")
@click.option("--kept", default=0, help="Views that a graphics card keeps to show again.")
@click.option("--rate", type=float, help="Highest rate, in place of that of the beginning.")
@click.option("--seed", default=1)
@click.option(
    "--shipped",
    type=click.Path(path_type=Path, exists=True),
    help="ONNX file of this reader whose weights it begins with, in place of none.",
)
def main(
    data: Path,
    out: Path,
    minutes: float,
    threads: int,
    workers: int,
    batch: int,
    kept: int,
    rate: float | None,
    seed: int,
    shipped: Path | None,
) -> None:
    """Train, or take up a run that was stopped, until its minutes are up."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)  # its threads do not outlive the fork of the data loader
    torch.manual_seed(seed)
    real = real_samples(data)
    learn = [s for s in real if not is_held_out_text(s.text)]
    held = [s for s in real if is_held_out_text(s.text)]
    behind = street_pieces(data, BEHIND, seed, without_plates=False)
    nothings = street_pieces(data, NOTHINGS, seed, without_plates=True)
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    drawn = [draw_sample(chance, rng) for _ in range(400)]
    drawn_views = [held_out_views(_of(drawn, c), behind, seed) for c in (True, False)]
    real_views = held_out_views(held, behind, seed)
    net = ReaderNet()
    if shipped:
        load_shipped(net, shipped, _views(ReaderStream(learn, behind, nothings, seed)))
    top_rate = rate or (GOING_ON_RATE if shipped else FRESH_RATE) * (batch / RATED) ** 0.5
    run = Run(net, out, minutes, top_rate)
    run.tell(f"{len(learn)} real crops to learn, {len(held)} held out")
    stream = ReaderStream(learn, behind, nothings, seed + run.steps)
    fresh = torch.utils.data.DataLoader(
        stream, batch_size=batch, num_workers=workers, prefetch_factor=4
    )
    replay = Replay(fresh, kept) if kept else None

    def watch() -> dict:
        return {
            "held_out_exact": round(exact(run.average, *real_views), 4),
            "rendered_exact": round(exact(run.average, *drawn_views[0]), 4),
            "foreign_exact": round(exact(run.average, *drawn_views[1]), 4),
            **({"fresh": replay.fresh, "again": replay.again} if replay else {}),
        }

    run.train(replay or fresh, lambda *parts: loss_of(run.net, *parts), watch)


def _views(stream: ReaderStream) -> torch.Tensor:
    return torch.stack([views for views, *_ in islice(stream, 512)])


def _of(samples: list[Sample], vietnamese: bool) -> list[Sample]:
    return [s for s in samples if (s.colour >= 0) == vietnamese]


if __name__ == "__main__":
    main()
