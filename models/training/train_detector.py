"""Train the detector: `python -m models.training.train_detector --data ../shared/data/train`."""

from pathlib import Path

import click
import cv2
import numpy as np
import torch

from lpr.boxes import PlateBox
from lpr.onnx_detector import fit, merge, unscale
from models.training.detector_data import DetectorStream, training_pictures
from models.training.detector_loss import loss_of
from models.training.detector_net import DetectorNet
from models.training.held_out import is_held_out, is_judged
from models.training.labels import LabelledPicture
from models.training.rendered_traffic import rendered_set
from models.training.run import DEVICE, Run, half_precision

WATCHED = 80  # held-out pictures looked at whenever the run is saved
LONGEST = 768  # pixels of the longer side when watching


@torch.no_grad()
def watch(net: DetectorNet, pictures: list[LabelledPicture]) -> dict[str, float]:
    """Recall and precision at half overlap, and the mean overlap of what was found."""
    found = plates = boxes = 0
    overlaps: list[float] = []
    for picture in pictures:
        frame = cv2.imread(str(picture.path))
        fitted = fit(frame, LONGEST)
        logits, corners = net(torch.from_numpy(fitted.picture).to(DEVICE))
        scores = torch.sigmoid(logits)[0].cpu().numpy()
        seen = [unscale(b, fitted.scale) for b in merge(scores, corners[0].cpu().numpy(), 0.35)]
        wanted = [p.box for p in picture.plates if not p.ignore]
        ignored = [p.box for p in picture.plates if p.ignore]
        best = [max((overlap(b, w) for b in seen), default=0.0) for w in wanted]
        overlaps += [o for o in best if o >= 0.5]
        found += sum(o >= 0.5 for o in best)
        plates += len(wanted)
        if picture.complete:
            boxes += sum(not any(overlap(b, i) > 0.1 for i in ignored) for b in seen)
        else:
            boxes += sum(o >= 0.5 for o in best)
    return {
        "recall": round(found / max(1, plates), 4),
        "precision": round(found / max(1, boxes), 4),
        "overlap": round(float(np.mean(overlaps or [0])), 4),
    }


def overlap(box: PlateBox, wanted: tuple[float, ...]) -> float:
    """Share of the union of two upright boxes."""
    x1, y1, x2, y2 = box.bounds
    width = min(x2, wanted[2]) - max(x1, wanted[0])
    height = min(y2, wanted[3]) - max(y1, wanted[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = (x2 - x1) * (y2 - y1) + (wanted[2] - wanted[0]) * (wanted[3] - wanted[1])
    return width * height / (both - width * height)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path(".cache/training/detector"))
@click.option("--minutes", default=110.0, help="Training time over all starts of this run.")
@click.option("--rendered", default=1500, help="Rendered pictures to draw.")
@click.option("--threads", default=2)
@click.option("--seed", default=1)
def main(data: Path, out: Path, minutes: float, rendered: int, threads: int, seed: int) -> None:
    """Train, or take up a run that was stopped, until its minutes are up."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)  # its threads do not outlive the fork of the data loader
    torch.manual_seed(seed)
    run = Run(DetectorNet(), out, minutes, top_rate=2e-3)
    drawn = rendered_set(out / f"rendered-{rendered}-{seed}", rendered, seed)
    stream = DetectorStream(data, drawn, seed + run.steps, lambda p: not is_held_out(p))
    held_out, _ = training_pictures(data, drawn, lambda p: is_held_out(p) and not is_judged(p))
    watched = held_out[:: max(1, len(held_out) // WATCHED)]
    batches = torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=6)

    def loss(views, corners, state, complete) -> torch.Tensor:
        with half_precision():
            features = run.net.features(views)
        logits, guesses = run.net.answers(features)
        return loss_of(logits, guesses, corners, state, complete, views.shape[1])

    run.train(batches, loss, lambda: watch(run.average, watched))


if __name__ == "__main__":
    main()
