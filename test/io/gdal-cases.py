"""Makes and reads rasters with GDAL for the tests, a whole batch in one process.

usage: gdal-cases.py make|read CASES.json DIR     (make: prints a list of cases that GDAL refused; read: prints what GDAL sees)
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.SetConfigOption('GDAL_PAM_ENABLED', 'YES')
TYPES = {'u8': (gdal.GDT_Byte, 'u1'), 'i8': (gdal.GDT_Byte, 'i1'), 'u16': (gdal.GDT_UInt16, 'u2'), 'i16': (gdal.GDT_Int16, 'i2'),
         'u32': (gdal.GDT_UInt32, 'u4'), 'i32': (gdal.GDT_Int32, 'i4'), 'f32': (gdal.GDT_Float32, 'f4'), 'f64': (gdal.GDT_Float64, 'f8')}


def samples(case):
    """Seeded values: smooth ground, some noise, some extremes of the type, some nodata."""
    rng = np.random.default_rng(case['seed'])
    shape = (case['bands'], case['height'], case['width'])
    dtype = np.dtype(TYPES[case['type']][1])
    ground = np.add.outer(np.arange(shape[1]) * 0.7, np.arange(shape[2]) * 0.3)[None] + rng.normal(size=shape) * 3
    if 'nbits' in case and case['type'] == 'u8':
        return rng.integers(0, 2 ** case['nbits'], size=shape).astype(dtype)
    if dtype.kind == 'f':
        a = (ground * 1.37 - 20).astype(dtype)
        if case.get('nbits') == 16:
            a = a.astype(np.float16).astype(dtype)
        a[rng.random(shape) < 0.02] = np.nan if case.get('nan') else 0
    else:
        info = np.iinfo(dtype)
        a = np.clip(ground, info.min, info.max).astype(dtype)
        a[rng.random(shape) < 0.02] = info.max
        a[rng.random(shape) < 0.02] = info.min
    if case.get('nodata') is not None:
        a[rng.random(shape) < 0.1] = dtype.type(float(case['nodata']))
    return a


def make(case, folder):
    path = os.path.join(folder, case['name'] + '.tif')
    a = samples(case)
    gdal_type, _ = TYPES[case['type']]
    options = list(case['options'])
    if case['type'] == 'i8':
        options.append('PIXELTYPE=SIGNEDBYTE')
    if 'nbits' in case:
        options.append('NBITS=%d' % case['nbits'])
    d = gdal.GetDriverByName('GTiff').Create(path, case['width'], case['height'], case['bands'], gdal_type, options)
    d.SetGeoTransform(case.get('transform') or [500000, 30, 0, 4000000, 0, -30])
    if case.get('epsg'):
        s = osr.SpatialReference()
        s.ImportFromEPSG(case['epsg'])
        d.SetProjection(s.ExportToWkt())
    if case.get('proj'):
        s = osr.SpatialReference()
        s.ImportFromProj4(case['proj'])
        d.SetProjection(s.ExportToWkt())
    if case.get('point'):
        d.SetMetadataItem('AREA_OR_POINT', 'Point')
    for b in range(case['bands']):
        band = d.GetRasterBand(b + 1)
        if case.get('nodata') is not None:
            band.SetNoDataValue(float(case['nodata']))
        own = {key: value[b] if isinstance(value, list) else value for key, value in case.items()
               if key in ('scale', 'offset', 'unit', 'description')}
        if 'scale' in own:
            band.SetScale(own['scale'])
            band.SetOffset(own['offset'])
        if 'unit' in own:
            band.SetUnitType(own['unit'])
            band.SetDescription(own['description'])
        if case.get('alpha') and b == case['bands'] - 1:
            band.SetColorInterpretation(gdal.GCI_AlphaBand)
        if not case.get('sparse'):
            data = a[b].view('u1') if case['type'] == 'i8' else a[b]
            band.WriteArray(data)
    if case.get('mask'):
        gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
        d.CreateMaskBand(gdal.GMF_PER_DATASET)
        m = (np.random.default_rng(case['seed'] + 1).random(a.shape[1:]) < 0.7).astype('u1') * 255
        d.GetRasterBand(1).GetMaskBand().WriteArray(m)
        m.tofile(os.path.join(folder, case['name'] + '.mask'))
    d.FlushCache()
    d = None
    if case.get('overviews'):
        d = gdal.Open(path, gdal.GA_Update)
        d.BuildOverviews('NEAREST', case['overviews'])
        d = None
    d = gdal.Open(path)
    seen = d.ReadAsArray() if not case.get('sparse') else d.ReadAsArray()
    if case['type'] == 'i8':
        seen = seen.view('i1')
    seen.tofile(os.path.join(folder, case['name'] + '.raw'))
    levels = [[d.GetRasterBand(1).GetOverview(i).XSize, d.GetRasterBand(1).GetOverview(i).YSize] for i in range(d.GetRasterBand(1).GetOverviewCount())]
    for i in range(len(levels)):
        d.GetRasterBand(1).GetOverview(i).ReadAsArray().tofile(os.path.join(folder, '%s.ov%d' % (case['name'], i)))
    return dict(name=case['name'], levels=levels, transform=d.GetGeoTransform())


def read(case, folder):
    from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate
    path = os.path.join(folder, case['name'] + '.tif')
    d = gdal.Open(path)
    band = d.GetRasterBand(1)
    d.ReadAsArray().tofile(os.path.join(folder, case['name'] + '.raw'))
    levels = []
    for i in range(band.GetOverviewCount()):
        o = band.GetOverview(i)
        levels.append([o.XSize, o.YSize])
        o.ReadAsArray().tofile(os.path.join(folder, '%s.ov%d' % (case['name'], i)))
    warnings, errors, details = validate(path, full_check=True)
    table = band.GetColorTable()
    s = d.GetSpatialRef()
    nodata = band.GetNoDataValue()
    return dict(name=case['name'], warnings=warnings, errors=errors, type=gdal.GetDataTypeName(band.DataType), levels=levels,
                nodata=None if nodata is None else repr(float(nodata)), unit=band.GetUnitType(), description=band.GetDescription(),
                transform=d.GetGeoTransform(), epsg=s and s.GetAuthorityCode(None), wkt=s and s.ExportToProj4(), metadata=d.GetMetadata(),
                band_metadata=band.GetMetadata(), categories=band.GetCategoryNames(), structure=d.GetMetadata('IMAGE_STRUCTURE'),
                rat=[band.GetDefaultRAT().GetValueAsString(i, 1) for i in range(band.GetDefaultRAT().GetRowCount())] if band.GetDefaultRAT() else None,
                palette=table and [table.GetColorEntry(i) for i in range(min(8, table.GetCount()))],
                statistics=band.GetStatistics(False, False) if 'STATISTICS_MEAN' in band.GetMetadata() else None)


def main():
    with open(sys.argv[2]) as f:
        cases = json.load(f)
    out = []
    for case in cases:
        try:
            out.append((make if sys.argv[1] == 'make' else read)(case, sys.argv[3]))
        except Exception as error:
            out.append(dict(name=case['name'], refused=str(error)))
    json.dump(out, sys.stdout)


main()
