"""Trains the voice detector's network on features that the engine's own code has computed.

usage: train.py FEATURES.f32 BLOCKS.u8 MINUTES OUTPUT.h
FEATURES: 47 floats a block, calls of 20 s one after another. BLOCKS: 0 silence, 1 speech, 2 not judged.
One thread; the same input, minutes and machine give much the same network, not the same bits.
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
# Beginnings and ends are what a conversation waits for.
BEGINNING_BLOCKS, BEGINNING_WEIGHT = 6, 3
END_BLOCKS, END_WEIGHT = 25, 2
PAUSE_BLOCKS = 15


def importance(blocks):
    """How much each block counts: edges not at all, the first and the last of an utterance more than others."""
    weights = (blocks != EDGE).astype(np.float32)
    spoken = np.zeros(len(blocks), int)
    silent = np.full(len(blocks), PAUSE_BLOCKS + END_BLOCKS)
    for block in range(blocks.shape[1]):
        speech = blocks[:, block] == SPEECH
        spoken = np.where(speech, np.where(silent > PAUSE_BLOCKS, 1, spoken + 1), spoken)
        silent = np.where(speech, 0, silent + 1)
        weights[:, block] *= np.where(speech & (spoken <= BEGINNING_BLOCKS), BEGINNING_WEIGHT, 1)
        weights[:, block] *= np.where((blocks[:, block] == SILENCE) & (silent <= END_BLOCKS), END_WEIGHT, 1)
    return weights


def area_under_roc(scores, speech):
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores, kind="stable")] = np.arange(1, len(scores) + 1)
    positives = speech.sum()
    return (ranks[speech].sum() - positives * (positives + 1) / 2) / (positives * (len(scores) - positives))


def main():
    features_path, blocks_path, minutes, header_path = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    np.random.seed(1)
    blocks = np.fromfile(blocks_path, np.uint8).reshape(-1, CALL_BLOCKS)
    features = torch.from_numpy(np.fromfile(features_path, np.float32).reshape(-1, PIECE_BLOCKS, FEATURES))
    weights = torch.from_numpy(importance(blocks).reshape(-1, PIECE_BLOCKS))
    speech = torch.from_numpy((blocks == SPEECH).astype(np.float32).reshape(-1, PIECE_BLOCKS))
    pieces_a_call = CALL_BLOCKS // PIECE_BLOCKS
    held_out = len(blocks) // 25 * pieces_a_call
    network = GatedNetwork(FEATURES, HIDDEN, STATE)
    optimiser = torch.optim.Adam(network.parameters())
    started, seconds, epoch = time.time(), 60 * minutes, 0
    while time.time() - started < seconds:
        order = np.random.permutation(len(features) - held_out) + held_out
        losses = []
        for at in range(0, len(order) - PIECES_A_STEP + 1, PIECES_A_STEP):
            share = min(1, (time.time() - started) / seconds)
            optimiser.param_groups[0]["lr"] = SLOWEST + FASTEST * (0.5 + 0.5 * np.cos(np.pi * share))
            chosen = torch.from_numpy(order[at : at + PIECES_A_STEP])
            loss = nn.functional.binary_cross_entropy_with_logits(network(features[chosen])[0], speech[chosen], weights[chosen], reduction="sum")
            loss = loss / weights[chosen].sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            if share >= 1:
                break
        epoch += 1
        with torch.no_grad():
            scores = network(features[:held_out].reshape(-1, CALL_BLOCKS, FEATURES))[0].numpy().ravel()
        judged = blocks.ravel()[: len(scores)] != EDGE
        area = area_under_roc(scores[judged], blocks.ravel()[: len(scores)][judged] == SPEECH)
        print(f"epoch {epoch}, {time.time() - started:.0f} s: loss {np.mean(losses):.4f}, AUC of held-out calls {area:.4f}", flush=True)
        write_header(header_path, network.state_dict(), "voice", "scripts/training/voice-detector.mjs")


main()
