"""Batch self-organising maps with numpy, as a user would write them: chains of k = 2..30 nodes, each trained on its own, with pseudo-F.

som-peer.py N F EPOCHS; the last line printed says how long it took, imports and the making of the input left out.
"""
import json
import resource
import sys
import time

import numpy as np

n, features, epochs = map(int, sys.argv[1:])
rng = np.random.default_rng(1)
centres = rng.standard_normal((7, features)) * 2
x = (centres[rng.integers(0, 7, n)] + rng.standard_normal((n, features))).astype(np.float32)


def nearest(block, nodes):
    # |x|^2 is the same for every node.
    return np.argmin((nodes * nodes).sum(1) - 2 * (block @ nodes.T), axis=1)


def assign(z, nodes):
    nodes = nodes.astype(np.float32)
    counts = np.zeros(len(nodes))
    sums = np.zeros((len(nodes), features))
    for start in range(0, n, 65536):
        block = z[start:start + 65536]
        best = nearest(block, nodes)
        counts += np.bincount(best, minlength=len(nodes))
        for f in range(features):
            sums[:, f] += np.bincount(best, block[:, f], minlength=len(nodes))
    return counts, sums


start = time.perf_counter()
z = ((x - x.mean(0)) / x.std(0)).astype(np.float32)
values, vectors = np.linalg.eigh(np.cov(z.T, bias=True))
axis = vectors[:, -1] * np.sqrt(values[-1])
total = float((z.astype(np.float64) ** 2).sum())
curve = []
for k in range(2, 31):
    nodes = np.linspace(-1, 1, k)[:, None] * axis
    apart = np.subtract.outer(np.arange(k), np.arange(k)) ** 2
    first, last = max(k / 4, 0.5), 0.25
    for epoch in range(epochs):
        sigma = first * (last / first) ** (epoch / max(1, epochs - 1))
        counts, sums = assign(z, nodes)
        h = np.exp(-apart / (2 * sigma * sigma))
        nodes = (h @ sums) / (h @ counts)[:, None]
    counts, sums = assign(z, nodes)
    filled = counts > 0
    between = float((sums[filled] ** 2 / counts[filled, None]).sum())
    classes = int(filled.sum())
    curve.append(between / (classes - 1) / ((total - between) / (n - classes)))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(what="numpy batch SOM", seconds=seconds, peak_mb=round(peak), best=int(np.argmax(curve)) + 2)))
