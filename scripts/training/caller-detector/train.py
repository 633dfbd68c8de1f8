"""Trains the caller detector's network on features that the engine's own code has computed.

usage: train.py FEATURES.f16 TRUTH.u8 EPOCHS OUTPUT.h
FEATURES: 145 halves a block, calls of 20 s one after another. TRUTH: 0 the caller is silent, 1 speaks, 2 not judged.
One thread; the same input, epochs and machine give much the same network, not the same bits.
"""

import sys

import numpy as np
import torch
from torch import nn

from network import GatedNetwork
from weights import write_header

FEATURES, HIDDEN, STATE = 145, 64, 64
# The state is carried from piece to piece through a call: what the filter has learnt so far is known from the past alone.
CALL_BLOCKS, PIECE_BLOCKS, CALLS_A_STEP, CALLS_HELD_OUT = 2000, 500, 48, 150
SILENT, SPEAKS, EDGE = 0, 1, 2
FASTEST, SLOWEST = 4e-3, 1e-5
# Beginnings are what an agent waits for.
BEGINNING_BLOCKS, BEGINNING_WEIGHT, PAUSE_BLOCKS = 15, 2, 15
ONSET_BLOCKS, THRESHOLDS = 10, (0.5, 0.8, 0.9, 0.95)


def importance(truth):
    weights = (truth != EDGE).astype(np.float32)
    spoken = np.zeros(len(truth), int)
    silent = np.full(len(truth), PAUSE_BLOCKS + 1)
    for block in range(truth.shape[1]):
        speaks = truth[:, block] == SPEAKS
        spoken = np.where(speaks, np.where(silent > PAUSE_BLOCKS, 1, spoken + 1), spoken)
        silent = np.where(speaks, 0, silent + 1)
        weights[:, block] *= np.where(speaks & (spoken <= BEGINNING_BLOCKS), BEGINNING_WEIGHT, 1)
    return weights


def starts(probabilities, threshold):
    """Where the engine's speech tracker would hear the caller: ten blocks of the last fifteen."""
    window = ONSET_BLOCKS * 3 // 2
    summed = np.cumsum(np.pad(probabilities >= threshold, ((0, 0), (window, 0))), 1)
    return summed[:, window:] - summed[:, :-window] >= ONSET_BLOCKS


def report(probabilities, truth):
    """Of the calls held out: starts an hour in which nobody speaks, and callers who are heard within half a second."""
    lines = []
    for threshold in THRESHOLDS:
        heard = starts(probabilities, threshold)
        recent = np.cumsum(np.pad(truth != SILENT, ((0, 0), (30, 0))), 1)
        silent = recent[:, 30:] == recent[:, :-30]
        begun = heard & ~np.pad(heard, ((0, 0), (1, 0)))[:, :-1]
        callers = caught = 0
        for call, row in enumerate(truth == SPEAKS):
            for block in np.flatnonzero(row & ~np.pad(row, (1, 0))[:-1]):
                if row[max(0, block - 30) : block].any():
                    continue
                callers += 1
                caught += heard[call, block : block + 50].any()
        lines.append(f"{threshold}: {(begun & silent).sum() * 360000 / max(1, silent.sum()):.0f} false an hour, {100 * caught / max(1, callers):.1f} % heard")
    return "; ".join(lines)


def main():
    features_path, truth_path, epochs, header_path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    np.random.seed(1)
    truth = np.fromfile(truth_path, np.uint8).reshape(-1, CALL_BLOCKS)
    features = torch.from_numpy(np.fromfile(features_path, np.float16).reshape(-1, CALL_BLOCKS, FEATURES))
    weights = torch.from_numpy(importance(truth))
    speaks = torch.from_numpy((truth == SPEAKS).astype(np.float32))
    network = GatedNetwork(FEATURES, HIDDEN, STATE)
    optimiser = torch.optim.Adam(network.parameters())
    steps_an_epoch = (len(truth) - CALLS_HELD_OUT) // CALLS_A_STEP
    step = 0
    for epoch in range(1, epochs + 1):
        order = np.random.permutation(len(truth) - CALLS_HELD_OUT) + CALLS_HELD_OUT
        losses = []
        for at in range(0, steps_an_epoch * CALLS_A_STEP, CALLS_A_STEP):
            share = step / (epochs * steps_an_epoch)
            step += 1
            optimiser.param_groups[0]["lr"] = SLOWEST + FASTEST * (0.5 + 0.5 * np.cos(np.pi * share))
            calls = torch.from_numpy(order[at : at + CALLS_A_STEP])
            state = None
            for first in range(0, CALL_BLOCKS, PIECE_BLOCKS):
                piece = slice(first, first + PIECE_BLOCKS)
                logits, state = network(features[calls, piece].float(), state)
                state = state.detach()
                weight = weights[calls, piece]
                loss = nn.functional.binary_cross_entropy_with_logits(logits, speaks[calls, piece], weight, reduction="sum") / weight.sum()
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                losses.append(loss.item())
        with torch.no_grad():
            held_out = [torch.sigmoid(network(features[call : call + 1].float())[0]) for call in range(CALLS_HELD_OUT)]
        print(f"epoch {epoch} of {epochs}: loss {np.mean(losses):.4f}; {report(torch.cat(held_out).numpy(), truth[:CALLS_HELD_OUT])}", flush=True)
        write_header(header_path, network.state_dict(), "caller", "scripts/training/caller-detector.mjs")


main()
