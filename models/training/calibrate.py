"""The lexical tables, their weights, temperatures and thresholds. All fitted on dev.

    python calibrate.py DATA WORK

Writes WORK/lexical.safetensors and WORK/calibration.json.

Softmax heads (intent_rank, sentiment, emotion) have a temperature: softmax(logits / temperature).
Sigmoid heads (intent_any, wants_human, orders_system) have sigmoid(scale * logit + shift) and a
threshold. Urgency has a scale: sigmoid(scale * (position - border)); the borders that were learnt
are moved a little to fit dev before they go to heads.safetensors. Each language leans on the
value fitted over all of dev, because 100 messages alone say little. `cosine` holds the mean and the
deviation of the cosine of random pairs of messages, by language pair (both scripts are `zh`).
"""

import json
import pathlib
import random
import sys
from collections.abc import Callable

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score
from torch import Tensor
from torch.nn import functional

from encoder import DEVICE, Encoder, Pieces, load_encoder, vectors
from heads import Heads, urgency_probabilities
from inputs import input_row
from labels import INTENTS
from lexical import LEXICAL, apply, bags, fit
from prepare import measured_keys
from scoring import logits
from supervised import (
    LANGUAGES,
    Message,
    mapped_messages,
    own_messages,
    targets,
    train_messages,
)

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAN = 0.02  # how strongly a language's log temperature leans on the common one, at 100 messages
URGENT = 3
URGENT_WEIGHT = 2.0  # an urgent message that is missed costs more than a call too many
CHOICES = {"intent_rank": "primary", "sentiment": "sentiment", "emotion": "emotion"}
BINARY = ("intent_any", "wants_human", "orders_system")


def load_tuned(work: pathlib.Path) -> tuple[Encoder, Heads]:
    """The tuned encoder and heads."""
    state = load_file(work / "tuned.safetensors")
    heads = Heads()
    heads.load_state_dict({k[6:]: v for k, v in state.items() if k.startswith("heads.")})
    return load_encoder(work / "tuned.safetensors"), heads.to(DEVICE).eval()


def loss_of(head: str, z: Tensor, want: dict[str, Tensor], borders: Tensor, scale: float = 1.0,
            shift: float = 0.0) -> float:  # fmt: skip
    """Mean negative log likelihood of a head's labels."""
    if head in CHOICES:
        return functional.cross_entropy(z * scale, want[CHOICES[head]]).item()
    if head == "urgency":
        chances = urgency_probabilities(z * scale, borders * scale)
        return functional.nll_loss(chances.log(), want["urgency"]).item()
    truth = want["several"] if head == "intent_any" else want[head][:, None]
    return functional.binary_cross_entropy_with_logits(z * scale + shift, truth).item()


def best_log_scale(loss: Callable[[float], float], around: float = 0.0, lean: float = 0.0) -> float:
    """The log of the scale with the least loss, leaning on another value."""
    found = minimize_scalar(lambda a: loss(a) + lean * (a - around) ** 2, bounds=(-2.5, 2.5), method="bounded")
    return float(found.x)


def fit_binary(z: Tensor, truth: Tensor) -> tuple[float, float]:
    """Platt scaling: scale and shift, leaning on 1 and 0 as a few cases would."""
    scale, shift = torch.ones(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([scale, shift], max_iter=100)

    def closure() -> Tensor:
        optimiser.zero_grad()
        each = functional.binary_cross_entropy_with_logits(z * scale + shift, truth, reduction="sum")
        loss = each + 0.5 * (scale - 1).square().sum() + 0.1 * shift.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return max(0.05, scale.item()), shift.item()


def fit_borders(position: Tensor, borders: Tensor, levels: Tensor) -> Tensor:
    """The urgency borders moved to where dev has them; three numbers, leaning on the learnt ones."""
    scale, moved = torch.ones(1, requires_grad=True), borders.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([scale, moved], max_iter=200)

    def closure() -> Tensor:
        optimiser.zero_grad()
        chances = urgency_probabilities(position * scale, moved * scale)
        each = functional.nll_loss(chances.log(), levels, reduction="none")
        loss = (each * torch.where(levels == URGENT, URGENT_WEIGHT, 1.0)).sum()
        loss = loss + 2.0 * (moved - borders).square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return moved.detach().sort().values


def best_threshold(probability: np.ndarray, score: Callable[[np.ndarray], float]) -> float:
    """The middle of the best stretch of thresholds."""
    tried = np.round(np.arange(0.15, 0.86, 0.025), 3)
    scores = np.array([score(probability >= t) for t in tried])
    best = tried[scores >= scores.max() - 1e-9]
    return float(best[len(best) // 2])


def calibrate_language(found: dict[str, Tensor], want: dict[str, Tensor], borders: Tensor,
                       common: dict | None) -> dict:  # fmt: skip
    """Parameters of all heads from one part of dev; `common` is what a language leans on."""
    out: dict = {}
    n = len(want["primary"])
    for head in (*CHOICES, "urgency"):
        name = "scale" if head == "urgency" else "temperature"
        around, lean = 0.0, 0.0
        if common is not None:
            value = common[head][name]
            around, lean = float(np.log(value)), LEAN * 100 / max(n, 1)
            around = around if head == "urgency" else -around
        log = best_log_scale(
            lambda a, h=head: loss_of(h, found[h], want, borders, scale=float(np.exp(a))), around, lean
        )
        out[head] = {name: float(np.exp(log if head == "urgency" else -log))}
    if common is not None:  # too few positives a language: the common values
        return out | {head: dict(common[head]) for head in BINARY}
    for head in BINARY:
        truth = want["several"] if head == "intent_any" else want[head][:, None]
        scale, shift = fit_binary(found[head], truth)
        chance = torch.sigmoid(found[head] * scale + shift).numpy()
        if head == "intent_any":
            primary = functional.one_hot(found["intent_rank"].argmax(1), len(INTENTS)).bool().numpy()
            flat = truth.numpy().ravel()
            threshold = best_threshold(
                chance, lambda chosen: float(f1_score(flat, (chosen | primary).ravel()))
            )
        else:
            flat = truth.numpy().ravel()
            threshold = best_threshold(
                chance.ravel(), lambda chosen: float(f1_score(flat, chosen, zero_division=0))
            )
        out[head] = {"scale": scale, "shift": shift, "threshold": threshold}
    return out


def cosines(encoder: Encoder, pieces: Pieces, messages: list[Message]) -> dict[str, dict[str, float]]:
    """Mean and deviation of the cosine of random pairs of training messages."""
    chance = random.Random(6)
    made = {}
    for language, wanted in (("en", ("en",)), ("zh", ("zh-Hans", "zh-Hant"))):
        part = [m for m in messages if m.lang in wanted and m.full]
        part = chance.sample(part, min(400, len(part)))
        made[language] = vectors(encoder, [input_row(pieces, m.text, []).ids for m in part])
    out = {}
    for a, b in (("en", "en"), ("zh", "zh"), ("en", "zh")):
        similar = made[a] @ made[b].T
        if a == b:
            similar = similar[~torch.eye(len(similar), dtype=torch.bool)]
        out[f"{a}-{b}"] = {"mean": similar.mean().item(), "deviation": similar.std().item()}
    return out


def rounded(value: object) -> object:
    """Numbers cut to six digits, so that the file reads well."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def main(data: pathlib.Path, work: pathlib.Path) -> None:
    pieces = Pieces(work)
    encoder, heads = load_tuned(work)
    borders = heads.borders().detach().cpu()
    train, dev = train_messages(), own_messages("dev")
    table = fit(pieces, train + mapped_messages(data, measured_keys(data)))
    found, want = logits(encoder, heads, pieces, dev), targets(dev)
    found = {name: z.detach() for name, z in found.items()}
    extra = apply(table, bags(pieces, dev))
    weights = {}
    for head in LEXICAL:
        tried = {
            w: min(loss_of(head, found[head] + w * extra[head], want, borders, s) for s in (0.5, 0.7, 1.0, 1.4))
            for w in WEIGHTS
        }  # fmt: skip
        weights[head] = min(tried, key=tried.get)
        print(head, {w: round(v, 4) for w, v in tried.items()})
        found[head] = found[head] + weights[head] * extra[head]
    borders = fit_borders(found["urgency"], borders, want["urgency"])
    save_file({"table": table.contiguous(), "borders": borders}, work / "lexical.safetensors")

    common = calibrate_language(found, want, borders, None)
    languages = {"default": common}
    for language in LANGUAGES:
        part = torch.tensor([n for n, m in enumerate(dev) if m.lang == language], dtype=torch.long)
        if len(part) < 20:
            continue
        languages[language] = calibrate_language(
            {h: z[part] for h, z in found.items()}, {n: t[part] for n, t in want.items()}, borders, common
        )
    result = {
        "version": 1, "fitted_on": f"{len(dev)} dev messages", "lexical_weight": weights,
        "languages": languages, "cosine": cosines(encoder, pieces, train),
    }  # fmt: skip
    (work / "calibration.json").write_text(json.dumps(rounded(result), indent=1) + "\n")
    print(json.dumps(rounded(result)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
