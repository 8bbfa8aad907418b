"""Rasters with their zonal statistics by GDAL and numpy. zonal-cases.py FOLDER: reads FOLDER/zones.json, writes rasters and prints JSON.

Sums are correctly rounded (math.fsum); a mask is burnt for each zone by itself.
"""
import json
import math
import sys
from fractions import Fraction

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
folder = sys.argv[1]
with open(f'{folder}/zones.json') as file:
    given = json.load(file)
width, height, transform = given['width'], given['height'], given['transform']
srs = osr.SpatialReference()
srs.ImportFromEPSG(32650)
random = np.random.default_rng(11)


def write(name, array, kind, nodata=None, **more):
    options = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=32', 'COMPRESS=DEFLATE']
    raster = gdal.GetDriverByName('GTiff').Create(f'{folder}/{name}.tif', width, height, 1, kind, options)
    raster.SetGeoTransform(transform)
    raster.SetProjection(srs.ExportToWkt())
    band = raster.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if 'scale' in more:
        band.SetScale(more['scale'])
        band.SetOffset(more['offset'])
    band.WriteArray(array)


def mask(polygons):
    vector = ogr.GetDriverByName('Memory').CreateDataSource('')
    layer = vector.CreateLayer('zone', srs)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps({'type': 'MultiPolygon', 'coordinates': polygons})))
    layer.CreateFeature(feature)
    raster = gdal.GetDriverByName('MEM').Create('', width, height, 1)
    raster.SetGeoTransform(transform)
    raster.SetProjection(srs.ExportToWkt())
    gdal.RasterizeLayer(raster, [1], layer, burn_values=[1])
    return raster.ReadAsArray() == 1


def statistics(values, valid, inside):
    cells = values[valid & inside].astype(np.float64)
    found = {'count': cells.size, 'nodata': int(inside.sum()) - cells.size}
    if cells.size == 0:
        return found
    numbers = [float(cell) for cell in cells]
    exact = [Fraction(number) for number in numbers]
    mean = sum(exact) / len(exact)
    variance = sum((number - mean) ** 2 for number in exact) / len(exact)
    whole, count = np.unique(cells, return_counts=True)
    found |= {
        'sum': math.fsum(numbers),
        'mean': math.fsum(numbers) / cells.size,
        'std': math.sqrt(float(variance)),
        'min': cells.min(),
        'max': cells.max(),
        'quantiles': [float(q) for q in np.quantile(cells, given['quantiles'])],
        'majority': whole[count.argmax()],
        'classes': [[float(code), int(times)] for code, times in zip(whole, count)] if whole.size < 50 else None,
    }
    return found


wave = np.add.outer(np.sin(np.arange(height) / 9), np.cos(np.arange(width) / 13))
noise = random.random((height, width))
holes = random.random((height, width)) < 0.1
holes[:, : width // 5] = True

rasters = {}
heat = (1000 * wave + noise).astype(np.float32)
heat[holes] = -9999
heat[3, 3:9] = np.nan
write('float32', heat, gdal.GDT_Float32, -9999)
rasters['float32'] = heat, (heat != -9999) & np.isfinite(heat)

# Sums that float64 alone gets wrong.
vast = np.where(noise < 0.5, 1e16, -1e16) + (1000 * noise).round() + wave * 10.0 ** random.integers(-20, 20, wave.shape)
vast[holes] = -1e300
write('float64', vast, gdal.GDT_Float64, -1e300)
rasters['float64'] = vast, vast != -1e300

people = random.integers(0, 2**31 - 1, wave.shape)
write('int32', people, gdal.GDT_Int32)
rasters['int32'] = people, np.ones(wave.shape, bool)

cover = np.floor(3 * (wave + 2)).astype(np.uint8)
cover[holes] = 255
write('classes', cover, gdal.GDT_Byte, 255)
rasters['classes'] = cover, cover != 255

scaled = random.integers(-500, 500, wave.shape).astype(np.int16)
write('scaled', scaled, gdal.GDT_Int16, -500, scale=0.1, offset=20)
rasters['scaled'] = scaled.astype(np.float64) * 0.1 + 20, scaled != -500

codes = (np.floor((wave + 2) * 4) * 1_000_000 - 3_000_000).astype(np.int32)
codes[10:20, 10:60] = -1
write('codes', codes, gdal.GDT_Int32, -1)

masks = [mask(polygons) for polygons in given['zones']]
print(json.dumps({
    'naive': [sum(vast[(vast != -1e300) & inside].tolist()) for inside in masks],
    'polygons': {name: [statistics(*raster, inside) for inside in masks] for name, raster in rasters.items()},
    'codes': {
        name: [{'zone': int(code)} | statistics(*raster, codes == code) for code in np.unique(codes) if code != -1]
        for name, raster in rasters.items()
    },
}, default=float))
