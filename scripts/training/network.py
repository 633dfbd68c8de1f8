"""The shape of the networks that native/dsp/gated_network.h runs."""

import torch
from torch import nn


class GatedNetwork(nn.Module):
    def __init__(self, inputs, hidden, state):
        super().__init__()
        self.dense = nn.Linear(inputs, hidden)
        self.recurrent = nn.GRU(hidden, state, batch_first=True)
        self.output = nn.Linear(state, 1)

    def forward(self, features, state=None):
        """Features of calls, block by block, to logits; and the state that the next blocks go on from."""
        states, state = self.recurrent(torch.relu(self.dense(features)), state)
        return self.output(states).squeeze(-1), state
