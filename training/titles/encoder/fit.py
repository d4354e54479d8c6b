"""Fine-tunes a title encoder on pairs of titles, so that titles of playlists that share much lie close together.

The loss is sentence-transformers' MultipleNegativesRankingLoss in both directions (van den Oord et al. 2018; Günther et
al. 2023): each title must find its partner among those of its batch. The tuned weights are then averaged with those of
the source (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"), which keeps what the catalogue does not
teach, such as another language.
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.training_args import BatchSamplers
from transformers import PrinterCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

SAVES = 10

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Recipe:
    """What decides the tuned weights, beside the encoder and the pairs.

    Attributes:
        epochs: How often each pair is seen; a fraction sees a share of them.
        batch: Pairs a step; each title is told from all others of its batch.
        learning_rate: AdamW's highest; it rises for a tenth of the steps, then falls to 0.
        scale: Cosines are multiplied by it before the softmax.
        keep: The share of the source's weights in the average with the tuned ones, 0 to 1.
        seed: Orders the pairs and draws dropout; equal seeds give equal weights on one machine.
    """

    epochs: float = 1.0
    batch: int = 128
    learning_rate: float = 3e-4
    scale: float = 20.0
    keep: float = 0.4
    seed: int = 0


class Steps(TrainerCallback):
    """Tells how many steps are done, and how many there are.

    Args:
        tell: Told (steps done, steps in all).
    """

    def __init__(self, tell: Tell):
        self.tell = tell

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """No step is done, or those before the checkpoint."""
        self.tell(state.global_step, state.max_steps)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """One more batch is learned."""
        self.tell(state.global_step, state.max_steps)


def fine_tune(
    encoder: SentenceTransformer,
    pairs: Sequence[tuple[str, str]],
    recipe: Recipe,
    folder: Path,
    tell: Tell = lambda done, total: None,
) -> None:
    """Train `encoder` in place and save it; what was interrupted goes on from its last checkpoint.

    Args:
        encoder: Any SentenceTransformer.
        pairs: Titles that belong together.
        recipe: How to train.
        folder: Where the tuned encoder is written, and until it is done its checkpoints.
        tell: Told how many steps are done and how many there are.
    """
    checkpoints = folder / f"unfinished-{_digest(encoder, pairs, recipe)}"
    checkpoints.mkdir(parents=True, exist_ok=True)
    source_weights = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}

    set_seed(recipe.seed)
    trainer = _trainer(encoder, pairs, recipe, checkpoints, tell)
    trainer.train(resume_from_checkpoint=get_last_checkpoint(checkpoints))
    average(encoder, source_weights, recipe.keep)
    encoder.eval()

    # The card that sentence-transformers would write quotes titles of the catalogue.
    encoder.save(str(folder), create_model_card=False)
    for unfinished in folder.glob("unfinished-*"):
        shutil.rmtree(unfinished)


def _trainer(
    encoder: SentenceTransformer, pairs: Sequence[tuple[str, str]], recipe: Recipe, checkpoints: Path, tell: Tell
) -> SentenceTransformerTrainer:
    titles = [title for title, _ in pairs]
    partners = [partner for _, partner in pairs]
    steps = recipe.epochs * len(pairs) / recipe.batch

    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        learning_rate=recipe.learning_rate,
        warmup_steps=0.1,
        seed=recipe.seed,
        save_steps=max(1, int(steps / SAVES)),
        save_total_limit=1,
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    loss = MultipleNegativesRankingLoss(
        encoder,
        scale=recipe.scale,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    )

    trainer = SentenceTransformerTrainer(
        model=encoder,
        args=arguments,
        train_dataset=Dataset.from_dict({"title": titles, "partner": partners}),
        loss=loss,
        callbacks=[Steps(tell)],
    )
    # They print, and write a card that quotes titles of the catalogue.
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(SentenceTransformerTrainer.model_card_callback_class)
    return trainer


def average(encoder: SentenceTransformer, source_weights: dict[str, torch.Tensor], keep: float) -> None:
    """Set each weight to keep · source + (1 - keep) · its own; integers (counts, codes) stay its own.

    Args:
        encoder: The tuned encoder, changed in place.
        source_weights: The weights of its source, by name.
        keep: The source's share, 0 to 1.
    """
    for name, tensor in encoder.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(tensor.lerp(source_weights[name], keep))


def _digest(encoder: SentenceTransformer, pairs: Sequence[tuple[str, str]], recipe: Recipe) -> str:
    digest = hashlib.sha256(repr((asdict(recipe), pairs)).encode())
    for tensor in encoder.state_dict().values():
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        # NumPy lacks some of torch's types (bfloat16), but bytes it has.
        digest.update(flat.view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
