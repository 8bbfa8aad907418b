"""Zonal statistics with GDAL and numpy, as a user would write them: zones burnt as numbers, then bincount. Zones must not overlap.

zonal-peer.py VALUES ZONES sums|median RESULT.json; the last line printed says how long it took, imports left out.
"""
import json
import resource
import sys
import time

import numpy as np
from osgeo import gdal, ogr

gdal.UseExceptions()
values_file, zones_file, what, result_file = sys.argv[1:]
start = time.perf_counter()

raster = gdal.Open(values_file)
vector = ogr.Open(zones_file)
layer = vector.GetLayer()
zones = layer.GetFeatureCount()
burnt = gdal.GetDriverByName('MEM').Create('', raster.RasterXSize, raster.RasterYSize, 1, gdal.GDT_UInt32)
burnt.SetGeoTransform(raster.GetGeoTransform())
burnt.SetProjection(raster.GetProjection())
gdal.RasterizeLayer(burnt, [1], layer, options=['ATTRIBUTE=zone'])
numbers = burnt.ReadAsArray().ravel()
band = raster.GetRasterBand(1)
values = band.ReadAsArray().ravel()
keep = (numbers > 0) & (values != np.float32(band.GetNoDataValue()))
numbers, values = numbers[keep], values[keep].astype(np.float64)

count = np.bincount(numbers, minlength=zones + 1)[1:]
total = np.bincount(numbers, values, zones + 1)[1:]
squares = np.bincount(numbers, values * values, zones + 1)[1:]
with np.errstate(invalid='ignore', divide='ignore'):
    mean = total / count
    std = np.sqrt(np.maximum(0, squares / count - mean * mean))
result = {'count': count, 'sum': total, 'mean': mean, 'std': std}

if what == 'median':
    values = values[np.argsort(numbers, kind='stable')]
    parts = np.split(values, np.cumsum(count)[:-1])
    result['min'] = np.array([part.min() if part.size else np.nan for part in parts])
    result['max'] = np.array([part.max() if part.size else np.nan for part in parts])
    result['median'] = np.array([np.median(part) if part.size else np.nan for part in parts])

seconds = time.perf_counter() - start
with open(result_file, 'w') as file:
    json.dump({name: [None if np.isnan(x) else x for x in array.tolist()] for name, array in result.items()}, file)
print(json.dumps({'seconds': seconds, 'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
