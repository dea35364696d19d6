"""A training run: time-boxed, told aloud, saved every few minutes and taken up where it stopped."""

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

SAVE_EVERY_S = 120.0
TELL_EVERY_S = 20.0
WARM_UP = 0.03  # of the run
EMA_DECAY = 0.998
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half_precision() -> torch.autocast:
    """Where it is enough and quicker: twice, on processors with tiles; without, a third slower."""
    is_quicker = DEVICE.type == "cuda" or "amx_bf16" in Path("/proc/cpuinfo").read_text("ascii")
    return torch.autocast(DEVICE.type, torch.bfloat16, is_quicker)


@dataclass
class Run:
    """State of one run in `folder`; `minutes` counts training time over all its starts.

    Attributes:
        net: what is trained, changed in place.
        average: its moving average, which is what gets exported.
    """

    net: nn.Module
    folder: Path
    minutes: float
    top_rate: float
    average: nn.Module = field(init=False)
    seconds: float = 0.0
    steps: int = 0

    def __post_init__(self) -> None:
        """Take up the checkpoint of the folder if there is one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.net.to(DEVICE)
        self.average = copy.deepcopy(self.net).eval()
        decayed = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=self.top_rate)
        if self._file.exists():
            state = torch.load(self._file, map_location=DEVICE, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.seconds, self.steps = state["seconds"], state["steps"]
            self.tell(f"taken up after {self.steps} steps, {self.seconds / 60:.1f} minutes")

    @property
    def _file(self) -> Path:
        return self.folder / "checkpoint.pt"

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0..1."""
        return min(1.0, self.seconds / (60 * self.minutes))

    def tell(self, text: str) -> None:
        """One line on the screen and in the log that is kept."""
        line = f"{time.strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        with (self.folder / "log.txt").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def train(self, batches, loss_of: Callable[..., Tensor], watch: Callable[[], dict]) -> None:
        """Train until the time is up.

        Args:
            batches: endless batches, each a sequence of tensors.
            loss_of: loss of a batch.
            watch: figures of the average, worked out whenever the run is saved.
        """
        saved = told = last = time.monotonic()
        losses: list[float] = []
        for batch in batches:
            self._set_rate()
            loss = loss_of(*(part.to(DEVICE) for part in batch))
            self.optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
            self.optimiser.step()
            self._follow()
            losses.append(loss.item())
            self.steps += 1
            now = time.monotonic()
            self.seconds += now - last
            if now - told > TELL_EVERY_S:
                mean = sum(losses) / len(losses)
                self.tell(f"{self.progress:6.1%} step {self.steps} loss {mean:.4f}")
                told, losses = now, []
            if now - saved > SAVE_EVERY_S or self.progress >= 1:
                self.save()
                self.tell(json.dumps(watch()))
                saved = time.monotonic()
            if self.progress >= 1:
                return
            last = time.monotonic() if now == saved else now

    def save(self) -> None:
        """Write the checkpoint under a temporary name, then rename it."""
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "seconds": self.seconds,
            "steps": self.steps,
        }
        temporary = self._file.with_suffix(".part")
        torch.save(state, temporary)
        temporary.replace(self._file)

    def _set_rate(self) -> None:
        done = self.progress
        if done < WARM_UP:
            share = (done + 1e-3) / WARM_UP
        else:
            share = 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))
        for group in self.optimiser.param_groups:
            group["lr"] = self.top_rate * max(share, 0.005)

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(EMA_DECAY, (1 + self.steps) / (10 + self.steps))
        pairs = zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True)
        for mean, value in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)
