"""Burns multipolygons with GDAL: centres, then all that is touched; one byte a cell. rasterize-cases.py CASES.json OUT.raw"""
import json
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
srs = osr.SpatialReference()
srs.ImportFromEPSG(32650)

with open(sys.argv[1]) as cases, open(sys.argv[2], 'wb') as out:
    for case in json.load(cases):
        vector = ogr.GetDriverByName('Memory').CreateDataSource('')
        layer = vector.CreateLayer('polygons', srs)
        feature = ogr.Feature(layer.GetLayerDefn())
        geometry = {'type': 'MultiPolygon', 'coordinates': case['polygons']}
        feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps(geometry)))
        layer.CreateFeature(feature)
        for options in [], ['ALL_TOUCHED=TRUE']:
            raster = gdal.GetDriverByName('MEM').Create('', case['width'], case['height'], 1)
            raster.SetGeoTransform(case['transform'])
            raster.SetProjection(srs.ExportToWkt())
            gdal.RasterizeLayer(raster, [1], layer, burn_values=[1], options=options)
            out.write(raster.ReadAsArray().tobytes())
