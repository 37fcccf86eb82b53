#!/usr/bin/env python3
"""make_ssim.py: writes tests/data/media/ssim.json: pairs of small pictures and their similarity by scikit-image.

Wants numpy and scikit-image (0.26 was used). The parameters are those of Wang et al. 2004, as the documentation of
structural_similarity gives them; of several channels the mean.
"""

import json
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

OUT = Path(__file__).resolve().parent.parent / "data/media/ssim.json"


def pair(rng, width, height, channels, bits, noise):
    """A smooth picture and a noisy copy."""
    peak = 2**bits - 1
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    one = 0.5 + 0.3 * np.sin(x / 3 + c) + 0.2 * np.cos(y / 4 - c)
    other = one + noise * rng.standard_normal(one.shape)
    kind = np.uint8 if bits == 8 else np.uint16
    return [np.clip(np.round(picture * peak), 0, peak).astype(kind) for picture in (one, other)]


def main():
    rng = np.random.default_rng(4)
    cases = []
    for width, height, channels, bits, noise in [
        (24, 16, 1, 8, 0.05),
        (11, 11, 1, 8, 0.2),
        (13, 20, 3, 8, 0.1),
        (16, 12, 4, 8, 0.02),
        (20, 11, 1, 16, 0.01),
    ]:
        a, b = pair(rng, width, height, channels, bits, noise)
        peak = 2**bits - 1
        ssim = structural_similarity(
            a, b, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=peak
        )
        cases.append(
            {
                "width": width,
                "height": height,
                "channels": channels,
                "bits": bits,
                "a": a.ravel().tolist(),
                "b": b.ravel().tolist(),
                "ssim": float(ssim),
                "psnr": float(peak_signal_noise_ratio(a, b, data_range=peak)),
            }
        )
    OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
