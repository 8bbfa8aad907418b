"""Rasters made and brought to other grids by GDAL, exactly (no approximation of the transform), for warp.test.ts.

usage: warp-cases.py CASES.json DIR
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
TYPES = {'u8': (gdal.GDT_Byte, 'u1'), 'i16': (gdal.GDT_Int16, 'i2'), 'f32': (gdal.GDT_Float32, 'f4')}
NODATA = {'u8': 255, 'i16': -32768, 'f32': -9999}


def system(text):
    s = osr.SpatialReference()
    s.SetFromUserInput(text)
    return s.ExportToWkt()


def samples(case):
    """Seeded hills with some noise, and holes where they are wanted; codes in patches."""
    rng = np.random.default_rng(case['seed'])
    h, w = case['height'], case['width']
    y, x = np.mgrid[0:h, 0:w]
    if case['type'] == 'u8':
        a = ((x // 6 * 3 + y // 5 * 5) % 7 + 1).astype('f8')
        noisy = rng.random((h, w)) < 0.1
        a[noisy] = rng.integers(1, 8, (h, w))[noisy]
    else:
        a = 500 + 200 * np.sin(x / 9) + 150 * np.cos(y / 7) + 20 * rng.random((h, w))
    a = a.astype(TYPES[case['type']][1])
    if case.get('holes'):
        a[rng.random((h, w)) < 0.05] = NODATA[case['type']]
        a[h // 3:h // 2, w // 4:w // 3] = NODATA[case['type']]
    return a


def make(case, folder):
    path = os.path.join(folder, case['name'] + '.tif')
    gdal_type, _ = TYPES[case['type']]
    options = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64'] if case.get('tiled') else []
    d = gdal.GetDriverByName('GTiff').Create(path, case['width'], case['height'], 1, gdal_type, options)
    west, north, cw, ch = case['place']
    d.SetGeoTransform([west, cw, 0, north, 0, -ch])
    d.SetProjection(system(case['crs']))
    a = samples(case)
    band = d.GetRasterBand(1)
    band.SetNoDataValue(NODATA[case['type']])
    band.WriteArray(a)
    d.FlushCache()
    d = None
    t = case['target']
    west, north, cw, ch = t['place']
    bounds = (west, north - t['height'] * ch, west + t['width'] * cw, north)
    for k, warp in enumerate(case['warps']):
        out = gdal.Warp('', path, format='MEM', dstSRS=system(t['crs']), outputBounds=bounds, width=t['width'], height=t['height'],
                        resampleAlg=warp['method'], errorThreshold=0, dstNodata=-9999, outputType=gdal.GDT_Float64,
                        warpOptions=warp.get('options', []), multithread=False)
        out.ReadAsArray().tofile(os.path.join(folder, '%s.%d.raw' % (case['name'], k)))
    valid = a[a != NODATA[case['type']]].astype('f8')
    return dict(name=case['name'], total=float(valid.sum()))


def main():
    with open(sys.argv[1]) as f:
        cases = json.load(f)
    json.dump([make(case, sys.argv[2]) for case in cases], sys.stdout)


main()
