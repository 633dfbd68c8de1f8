"""Trains the voice detector's network on features that the engine's own code has computed.

usage: train.py FEATURES.f32 BLOCKS.u8 EPOCHS OUTPUT.h
FEATURES: 47 floats a block, calls of 20 s one after another. BLOCKS: 0 silence, 1 speech, 2 not judged.
One thread; the same input, epochs and machine give the same network.
"""

import sys
import time

import numpy as np
import torch
from torch import nn

from network import GatedNetwork
from weights import write_header

FEATURES, HIDDEN, STATE = 47, 48, 64
CALL_BLOCKS, PIECE_BLOCKS, PIECES_A_STEP = 2000, 200, 128
SILENCE, SPEECH, EDGE = 0, 1, 2
FASTEST, SLOWEST = 4e-3, 1e-5
# Beginnings and ends are what a conversation waits for; what is taken for speech by mistake interrupts it.
BEGINNING_BLOCKS, BEGINNING_WEIGHT = 6, 5
END_BLOCKS, END_WEIGHT = 25, 3
SILENCE_WEIGHT = 1.5
PAUSE_BLOCKS = 15


def judged_before(blocks):
    """Of each block the last that is no edge, itself included."""
    judged = np.where(blocks != EDGE, np.arange(blocks.shape[1]), 0)
    return np.take_along_axis(blocks, np.maximum.accumulate(judged, axis=1), axis=1)


def lessons(blocks):
    """What each block is to be taken for, and how much it counts: the first and the last of an utterance more than others."""
    # Nobody judges the edges of an utterance, yet they tell how soon it begins and ends.
    before, after = judged_before(blocks), judged_before(blocks[:, ::-1])[:, ::-1]
    beginning = (blocks == EDGE) & (before == SILENCE) & (after == SPEECH)
    ending = (blocks == EDGE) & (before == SPEECH) & (after == SILENCE)
    weights = ((blocks != EDGE) | beginning | ending).astype(np.float32)
    spoken = np.zeros(len(blocks), int)
    silent = np.full(len(blocks), PAUSE_BLOCKS + END_BLOCKS)
    for block in range(blocks.shape[1]):
        speech = blocks[:, block] == SPEECH
        spoken = np.where(speech, np.where(silent > PAUSE_BLOCKS, 1, spoken + 1), spoken)
        silent = np.where(speech, 0, silent + 1)
        weights[:, block] *= np.where(speech & (spoken <= BEGINNING_BLOCKS), BEGINNING_WEIGHT, 1)
        weights[:, block] *= np.where(blocks[:, block] == SILENCE, np.where(silent <= END_BLOCKS, END_WEIGHT, SILENCE_WEIGHT), 1)
    return ((blocks == SPEECH) | beginning).astype(np.float32), weights


def area_under_roc(scores, speech):
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores, kind="stable")] = np.arange(1, len(scores) + 1)
    positives = speech.sum()
    return (ranks[speech].sum() - positives * (positives + 1) / 2) / (positives * (len(scores) - positives))


def main():
    features_path, blocks_path, epochs, header_path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    np.random.seed(1)
    blocks = np.fromfile(blocks_path, np.uint8).reshape(-1, CALL_BLOCKS)
    features = torch.from_numpy(np.fromfile(features_path, np.float32).reshape(-1, FEATURES))
    speech, weights = (torch.from_numpy(lesson.ravel()) for lesson in lessons(blocks))
    held_out = len(blocks) // 25
    network = GatedNetwork(FEATURES, HIDDEN, STATE)
    optimiser = torch.optim.Adam(network.parameters())
    started = time.time()
    for epoch in range(epochs):
        # The pieces begin elsewhere in every epoch.
        begins = np.arange(np.random.randint(PIECE_BLOCKS), CALL_BLOCKS - PIECE_BLOCKS + 1, PIECE_BLOCKS)
        order = np.random.permutation(np.add.outer(np.arange(held_out, len(blocks)) * CALL_BLOCKS, begins).ravel())
        losses = []
        for at in range(0, len(order) - PIECES_A_STEP + 1, PIECES_A_STEP):
            share = (epoch + at / len(order)) / epochs
            optimiser.param_groups[0]["lr"] = SLOWEST + FASTEST * (0.5 + 0.5 * np.cos(np.pi * share))
            chosen = torch.from_numpy(np.add.outer(order[at : at + PIECES_A_STEP], np.arange(PIECE_BLOCKS)))
            weight = weights[chosen]
            loss = nn.functional.binary_cross_entropy_with_logits(network(features[chosen])[0], speech[chosen], weight, reduction="sum")
            loss = loss / weight.sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
        with torch.no_grad():
            scores = network(features[: held_out * CALL_BLOCKS].reshape(held_out, CALL_BLOCKS, FEATURES))[0].numpy().ravel()
        known = blocks[:held_out].ravel()
        area = area_under_roc(scores[known != EDGE], known[known != EDGE] == SPEECH)
        print(f"epoch {epoch + 1}, {time.time() - started:.0f} s: loss {np.mean(losses):.4f}, AUC of held-out calls {area:.4f}", flush=True)
        write_header(header_path, network.state_dict(), "voice", "scripts/training/voice-detector.mjs")


main()
