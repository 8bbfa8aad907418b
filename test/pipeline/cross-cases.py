"""Cross tables by numpy. Argument: a JSON file with width, height, codes, nodata, files (int16 cells, raw) and zones (int32 cells, raw; -1 outside)."""
import json
import sys

import numpy as np

case = json.load(open(sys.argv[1]))
codes = case["codes"]
rasters = [np.fromfile(name, dtype="<i2") for name in case["files"]]
zones = np.fromfile(case["zones"], dtype="<i4")
by_zone = [[[int(np.sum((r == c) & (zones == z))) for c in codes] for z in range(-1, case["count"])] for r in rasters]
pairs = [[[int(np.sum((a == p) & (b == q))) for q in codes] for p in codes] for a, b in zip(rasters, rasters[1:])]
print(json.dumps({"byZone": by_zone, "transitions": pairs}))
