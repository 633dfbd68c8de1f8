"""Writes a trained network as a header that the engine is compiled with: 8 bits a weight, a scale a row."""

import numpy as np

# Of a line of the header, at most, in bytes of hexadecimal: one row or some.
LINE = 272


def quantised(matrix):
    scales = np.abs(matrix).max(axis=1) / 127.0
    return np.round(matrix / scales[:, None]).astype(np.int8), scales


def floats(values):
    words = [f"{value:.6g}" for value in values]
    words = [word if any(c in word for c in ".e") else word + "." for word in words]
    return lines([word + "f," for word in words], 32)


def lines(words, width):
    return "\n".join("    " + " ".join(words[i : i + width]) for i in range(0, len(words), width))


def array(name, values):
    return f"inline constexpr std::array<float, {len(values)}> {name} = {{\n{floats(values)}\n}};\n"


def matrix(name, values, bias):
    whole, scales = quantised(values)
    rows = [row.tobytes().hex() for row in whole]
    together = max(1, LINE // len(rows[0]))
    literals = "\n".join('    "' + "".join(rows[i : i + together]) + '"' for i in range(0, len(rows), together))
    return f"inline constexpr char {name}[] =\n{literals};\n" + array(name + "Scales", scales) + array(name + "Bias", bias)


def write_header(path, state, what, made_by):
    """`what` is the detector's name in one word, as in "voice"."""
    parts = {key: value.numpy() for key, value in state.items()}
    text = f"""// The {what} detector's weights: written by {made_by}. Do not edit.
//
// Matrices are rows of signed bytes in hexadecimal, an output each, times that row's scale; some rows to a line.
#pragma once

#include <array>

#include "dsp/gated_network.h"

namespace talkpath::{what}_weights {{

"""
    text += matrix("kDense", parts["dense.weight"], parts["dense.bias"])
    text += matrix("kInput", parts["recurrent.weight_ih_l0"], parts["recurrent.bias_ih_l0"])
    text += matrix("kRecurrent", parts["recurrent.weight_hh_l0"], parts["recurrent.bias_hh_l0"])
    text += array("kOutput", parts["output.weight"][0])
    text += f"inline constexpr float kOutputBias = {parts['output.bias'][0]:.6g}f;\n"
    text += """
inline constexpr PackedNetwork kNetwork = {
    .dense = {kDense, kDenseScales, kDenseBias},
    .input = {kInput, kInputScales, kInputBias},
    .recurrent = {kRecurrent, kRecurrentScales, kRecurrentBias},
    .output = kOutput,
    .output_bias = kOutputBias,
};

"""
    text += f"}}  // namespace talkpath::{what}_weights\n"
    with open(path, "w") as file:
        file.write(text)
