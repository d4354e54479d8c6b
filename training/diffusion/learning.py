"""How a network of ours learns: a stage of epochs, by AdamW, and what is kept are averaged weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

WARM_UP = 0.05
# The share of all steps over which weights are averaged.
AVERAGED = 0.05


@dataclass(frozen=True)
class Stage:
    """How long a network learns, and from how much at once.

    Attributes:
        epochs: Of `steps` batches each; after an epoch, what was learned is kept.
        steps: Batches in an epoch.
        batch: Pictures in a batch.
        rate: The highest learning rate; it rises over the first WARM_UP of the epochs and falls to nothing.
    """

    epochs: int
    steps: int
    batch: int
    rate: float

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch."""
        warm_up = max(1, WARM_UP * self.epochs)
        if epoch < warm_up:
            return self.rate * (epoch + 1) / (warm_up + 1)
        return self.rate * (1 + np.cos(np.pi * (epoch - warm_up) / (self.epochs - warm_up))) / 2


class Batches(keras.utils.PyDataset):
    """Batches of a stage, drawn anew in every epoch.

    Args:
        stage: How many, of how much.
        seed: Of what is drawn.
    """

    def __init__(self, stage: Stage, seed: int):
        super().__init__()
        self._stage, self._seed, self._epoch = stage, seed, 0

    def __len__(self) -> int:
        return self._stage.steps

    def __getitem__(self, step: int) -> tuple:
        """What `draw` gives."""
        return self.draw(self._stage.batch, np.random.default_rng([self._seed, self._epoch, step]))

    def on_epoch_end(self) -> None:
        """The next epoch draws anew."""
        self._epoch += 1

    def draw(self, batch: int, random: np.random.Generator) -> tuple:
        """Inputs and targets of a batch."""
        raise NotImplementedError


def learn(
    model: keras.Model, batches: Batches, stage: Stage, callbacks: Sequence = (), jit_compile: bool = True
) -> None:
    """Fit a model whose loss is its own.

    Args:
        model: To be fitted.
        batches: Of the stage.
        stage: How long.
        callbacks: Keras's.
        jit_compile: Compile by XLA.
    """
    momentum = 1 - 1 / max(2, AVERAGED * stage.epochs * stage.steps)
    optimizer = keras.optimizers.AdamW(
        stage.rate, weight_decay=1e-4, beta_2=0.99, global_clipnorm=1.0, use_ema=True, ema_momentum=momentum
    )
    # Built here, the step is traced once; else once more, when its first trace has made the optimizer's variables.
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, jit_compile=jit_compile)
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: float(stage.rate_at(epoch)))
    model.fit(batches, epochs=stage.epochs, callbacks=[schedule, *callbacks], verbose=0)


def kept(file: Path, new: Callable[[], keras.Model], learned: Callable[[], keras.Model]) -> keras.Model:
    """The model whose weights a file keeps; where there is none, what is learned now, which is kept.

    Args:
        file: Its name ends in `.weights.h5`.
        new: Makes the model, its weights still any.
        learned: Lets it learn.
    """
    if file.exists():
        model = new()
        model.load_weights(file)
        return model
    model = learned()
    draft = file.with_name(f"draft.{file.name}")
    model.save_weights(draft)
    draft.replace(file)
    return model
