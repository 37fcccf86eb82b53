#!/usr/bin/env python3
"""make_projection_cases.py: writes tests/data/projection: some of scikit-learn's digits, and what NumPy, scikit-learn and
umap-learn make of them.

Wants numpy, scikit-learn and umap-learn (2.4, 1.9 and 0.5.12 were used). `digits.npy` is 300 × 64 uint8; the rest is in
`cases.json`, numbers rounded to ten digits.
"""

import json
from pathlib import Path

import numpy as np
import umap
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

OUT = Path(__file__).resolve().parent.parent / "data/projection"
PERPLEXITY = 20


def plain(value):
    """As JSON, with ten digits."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.10g}")
    if isinstance(value, np.integer):
        return int(value)
    return value


def pca(data):
    """All eigenvalues of the covariance, and the first ten vectors, the largest number of each positive."""
    centred = data - data.mean(axis=0)
    _, sizes, vectors = np.linalg.svd(centred, full_matrices=False)
    variances = sizes**2 / (len(data) - 1)
    vectors = vectors[:10]
    vectors *= np.sign(vectors[np.arange(len(vectors)), np.abs(vectors).argmax(axis=1)])[:, None]
    return {
        "variances": plain(variances[:10]),
        "explained": plain(variances[:10] / variances.sum()),
        "vectors": plain(vectors[:3]),
    }


def neighbours(data):
    """Distances, ascending, of the 20 nearest of every tenth point; which they are follows but for ties."""
    cases = {}
    for metric in ("euclidean", "cosine"):
        distances = pairwise_distances(data, metric=metric)
        np.fill_diagonal(distances, np.inf)
        cases[metric] = plain(np.sort(distances[::10], axis=1)[:, :20])
    products = -(data @ data.T)
    np.fill_diagonal(products, np.inf)
    cases["dot"] = plain(np.sort(products[::10], axis=1)[:, :20])
    return cases


class OneDegree(TSNE):
    """With the kernel of one degree of freedom in three dimensions, too, where scikit-learn takes two."""

    def _tsne(self, joint, degrees_of_freedom, *rest, **options):
        return super()._tsne(joint, 1, *rest, **options)


def tsne(data):
    """P of some points, and the divergence that Barnes and Hut's way ends with."""
    k = 3 * PERPLEXITY
    graph = NearestNeighbors(n_neighbors=k).fit(data).kneighbors_graph(mode="distance")
    graph.data **= 2
    joint = _joint_probabilities_nn(graph, PERPLEXITY, 0).tocsr()
    rows = {}
    for row in range(0, len(data), 50):
        part = joint.getrow(row)
        order = np.argsort(part.indices)
        rows[row] = {"columns": plain(part.indices[order]), "p": plain(part.data[order])}
    divergences = {}
    for dimensions in (2, 3):
        model = OneDegree(n_components=dimensions, perplexity=PERPLEXITY, init="pca", random_state=0)
        model.fit(data)
        divergences[str(dimensions)] = plain(model.kl_divergence_)
    return {"perplexity": PERPLEXITY, "rows": rows, "divergences": divergences}


def fuzzy(data):
    """Weights of the fuzzy union of some points, and the trustworthiness of layouts."""
    exact = NearestNeighbors(n_neighbors=15).fit(data)
    distances, indices = exact.kneighbors(data)
    sigmas, rhos = smooth_knn_dist(distances.astype(np.float32), 15.0)
    graph, _, _ = fuzzy_simplicial_set(
        data, 15, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances.astype(np.float32)
    )
    graph = graph.tocsr()
    rows = {}
    for row in range(0, len(data), 50):
        part = graph.getrow(row)
        order = np.argsort(part.indices)
        rows[row] = {"columns": plain(part.indices[order]), "weights": plain(part.data[order])}
    trust = {}
    for dimensions in (2, 3):
        values = [
            trustworthiness(
                data,
                umap.UMAP(n_components=dimensions, random_state=seed, n_jobs=1).fit_transform(data),
                n_neighbors=15,
            )
            for seed in range(3)
        ]
        trust[str(dimensions)] = plain(np.mean(values))
    curves = [
        {"min_distance": low, "spread": spread, "a": plain(a), "b": plain(b)}
        for low, spread in [(0.0, 1.0), (0.1, 1.0), (0.25, 1.0), (0.5, 1.0), (0.99, 1.0), (0.1, 2.0)]
        for a, b in [find_ab_params(spread, low)]
    ]
    return {"rows": rows, "trustworthiness": trust, "curves": curves}


def procrustes():
    """A turn with a mirror image, by SVD."""
    rng = np.random.default_rng(1)
    fixed = rng.standard_normal((12, 3))
    moving = fixed @ np.linalg.qr(rng.standard_normal((3, 3)))[0] * 2.5 + 1 + 0.1 * rng.standard_normal((12, 3))
    a, b = moving - moving.mean(axis=0), fixed - fixed.mean(axis=0)
    u, sizes, vt = np.linalg.svd(a.T @ b)
    aligned = sizes.sum() / (a**2).sum() * a @ u @ vt + fixed.mean(axis=0)
    return {"fixed": plain(fixed.ravel()), "moving": plain(moving.ravel()), "aligned": plain(aligned.ravel())}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    digits = load_digits().data[:300].astype(np.uint8)
    np.save(OUT / "digits.npy", digits)
    data = digits.astype(np.float64)
    cases = {
        "pca": pca(data),
        # Fewer points than dimensions.
        "pca_few": pca(data[:40]),
        "neighbours": neighbours(data),
        "tsne": tsne(data),
        "umap": fuzzy(data),
        "procrustes": procrustes(),
    }
    (OUT / "cases.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
