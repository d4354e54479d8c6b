"""How a network of this project learns: a stage of epochs with AdamW, which ends in averaged weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from aiplayer.files import whole_file

# The share of the epochs over which the learning rate rises.
WARM_UP = 0.05
# The share of all steps over which weights are averaged.
AVERAGED = 0.05
WEIGHT_DECAY = 1e-4
SECOND_MOMENT_DECAY = 0.99
MOST_GRADIENT_NORM = 1.0


@dataclass(frozen=True)
class Stage:
    """How long a network learns, and from how much at once.

    Attributes:
        epochs: How many epochs it takes; what was learned is kept after each.
        steps: Batches in an epoch.
        batch: Pictures in a batch.
        rate: The highest learning rate; it rises over the first WARM_UP of the epochs and falls to zero.
    """

    epochs: int
    steps: int
    batch: int
    rate: float

    def rate_at(self, epoch: int) -> float:
        """The learning rate of an epoch, the first of which is 0: a linear rise, then half a cosine wave."""
        warm_up = max(1, WARM_UP * self.epochs)
        if epoch < warm_up:
            return self.rate * (epoch + 1) / (warm_up + 1)

        share_of_fall = np.pi * (epoch - warm_up) / (self.epochs - warm_up)
        return self.rate * (1 + np.cos(share_of_fall)) / 2


class Batches(keras.utils.PyDataset):
    """Batches of a stage, drawn anew in every epoch.

    Args:
        stage: How many batches an epoch has, and how many pictures a batch.
        seed: The seed of everything that is drawn.
    """

    def __init__(self, stage: Stage, seed: int) -> None:
        super().__init__()
        self._stage = stage
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return self._stage.steps

    def __getitem__(self, step: int) -> tuple[object, object]:
        """The inputs and targets of a step of the present epoch, the same whenever they are asked for."""
        random = np.random.default_rng([self._seed, self._epoch, step])
        return self.draw(self._stage.batch, random)

    def begin_epoch(self, epoch: int) -> None:
        """Draw the batches of an epoch from now on; each epoch has others.

        Args:
            epoch: The number of the epoch, from 0.
        """
        self._epoch = epoch

    def draw(self, batch: int, random: np.random.Generator) -> tuple[object, object]:
        """The inputs and targets of one batch.

        Args:
            batch: How many pictures to draw.
            random: The generator to draw with.
        """
        raise NotImplementedError


def learn(
    model: keras.Model,
    batches: Batches,
    stage: Stage,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    jit_compile: bool = True,
) -> None:
    """Fit a model that computes its own loss.

    Args:
        model: The model, whose weights change.
        batches: What it learns from.
        stage: How long it learns, and at which rate.
        callbacks: Keras callbacks that follow the training.
        jit_compile: Whether XLA compiles a step.
    """
    steps_averaged = AVERAGED * stage.epochs * stage.steps
    optimizer = keras.optimizers.AdamW(
        stage.rate,
        weight_decay=WEIGHT_DECAY,
        beta_2=SECOND_MOMENT_DECAY,
        global_clipnorm=MOST_GRADIENT_NORM,
        use_ema=True,
        ema_momentum=1 - 1 / max(2, steps_averaged),
    )
    # An optimizer that fit() has to build makes its variables in the first trace of a step, which costs a second trace.
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, jit_compile=jit_compile)

    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: float(stage.rate_at(epoch)))
    # A run that was killed begins with a later epoch than the first.
    begin_epoch = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.begin_epoch(epoch))
    callbacks = [schedule, begin_epoch, *callbacks]
    # Every batch is drawn at random, so that shuffling them would only make their order depend on what ran before.
    model.fit(batches, epochs=stage.epochs, callbacks=callbacks, shuffle=False, verbose=0)


def load_or_train(file: Path, build: Callable[[], keras.Model], train: Callable[[], keras.Model]) -> keras.Model:
    """The model whose weights a file holds, or where there is no file, a newly trained one that is kept there.

    Args:
        file: Holds the weights; its name ends in `.weights.h5`.
        build: Returns the model with any weights; called where the file exists.
        train: Returns the trained model; called where the file does not exist.
    """
    if file.exists():
        model = build()
        model.load_weights(file)
        return model

    model = train()
    with whole_file(file) as draft:
        # Keras writes weights only under a name that ends in .weights.h5, as a draft's does not.
        weights = draft.with_suffix(".weights.h5")
        model.save_weights(weights)
        weights.replace(draft)
    return model
