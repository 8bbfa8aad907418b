"""Vector files written by GDAL and read by it, for the tests of src/io/vector.

make: cases [{file, driver, layers: [{name, crs, geometry, options, fields, features}]}] are written into the folder.
read: cases [{file, layer, compare}] are described on stdout.
validate: cases [{file}], GeoPackages, are checked against the standard.
"""
import json
import sys
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()

TYPES = {'integer': ogr.OFTInteger, 'integer64': ogr.OFTInteger64, 'real': ogr.OFTReal, 'text': ogr.OFTString,
         'boolean': ogr.OFTInteger, 'date': ogr.OFTDate, 'datetime': ogr.OFTDateTime}


def reference(case):
    srs = osr.SpatialReference()
    srs.SetFromUserInput(case['crs'])
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def make(case, folder):
    driver = ogr.GetDriverByName(case['driver'])
    path = f"{folder}/{case['file']}"
    source = driver.CreateDataSource(path, case.get('database', []))
    for layer in case['layers']:
        srs = reference(layer) if layer.get('crs') else None
        kind = getattr(ogr, layer.get('geometry', 'wkbUnknown'))
        out = source.CreateLayer(layer['name'], srs, kind, layer.get('options', []))
        for name, kind in layer['fields']:
            field = ogr.FieldDefn(name, TYPES[kind])
            if kind == 'boolean':
                field.SetSubType(ogr.OFSTBoolean)
            out.CreateField(field)
        for geometry, *values in layer['features']:
            feature = ogr.Feature(out.GetLayerDefn())
            if geometry is not None:
                feature.SetGeometry(ogr.CreateGeometryFromWkt(geometry))
            for i, value in enumerate(values):
                if value is None:
                    feature.SetFieldNull(i)
                else:
                    feature.SetField(i, value)
            out.CreateFeature(feature)
    source = None


PLACES = [(117, 32), (105, 30), (2, 47), (-74, 41), (10, 52), (-45, 75), (20, -72), (0, 52)]


def same_places(srs, definition):
    """Whether both systems give the same coordinates, to a millimetre (1e-8 degrees), wherever both give any."""
    target = osr.SpatialReference()
    target.SetFromUserInput(definition)
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for each in (srs, target, degrees):
        each.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    one, other = [osr.CoordinateTransformation(degrees, each) for each in (srs, target)]
    tolerance = 1e-8 if target.IsGeographic() else 1e-3
    compared = 0
    for place in PLACES:
        try:
            a, b = one.TransformPoint(*place), other.TransformPoint(*place)
        except RuntimeError:
            continue
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) > tolerance:
            return False
        compared += 1
    return compared > 0


def read(case, folder):
    path = case['file'] if case['file'].startswith('/') else f"{folder}/{case['file']}"
    source = ogr.Open(path)
    layer = source.GetLayerByName(case['layer']) if case.get('layer') else source.GetLayer(0)
    srs = layer.GetSpatialRef()
    definition = layer.GetLayerDefn()
    fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
    features = []
    for feature in layer:
        geometry = feature.GetGeometryRef()
        values = []
        for i, field in enumerate(fields):
            if not feature.IsFieldSetAndNotNull(i):
                values.append(None)
            elif field.GetSubType() == ogr.OFSTBoolean:
                values.append(bool(feature.GetFieldAsInteger(i)))
            elif field.GetType() in (ogr.OFTInteger, ogr.OFTInteger64):
                values.append(feature.GetFieldAsInteger64(i))
            elif field.GetType() == ogr.OFTReal:
                values.append(feature.GetFieldAsDouble(i))
            else:
                values.append(feature.GetFieldAsString(i))
        wkt = None if geometry is None else geometry.ExportToIsoWkt()
        exact = None if geometry is None else json.loads(geometry.ExportToJson(['COORDINATE_PRECISION=17']) or 'null')
        features.append({'fid': feature.GetFID(), 'wkt': wkt, 'geometry': exact, 'values': values,
                         'area': None if geometry is None else geometry.GetArea()})
    return {
        'name': layer.GetName(),
        'epsg': srs and srs.GetAuthorityCode(None),
        'crs': srs and srs.GetName(),
        'proj': srs and srs.ExportToProj4(),
        'same': bool(srs and case.get('compare') and same_places(srs, case['compare'])),
        'kind': ogr.GeometryTypeToName(layer.GetGeomType()),
        'key': layer.GetFIDColumn(),
        'extent': layer.GetExtent() if any(feature['wkt'] for feature in features) else None,
        'fields': [[field.GetName(), field.GetTypeName(), field.GetSubType() == ogr.OFSTBoolean] for field in fields],
        'features': features,
    }


def validate(case, folder):
    """The checks of the standard that GDAL ships: raises where one fails."""
    from osgeo_utils.samples import validate_gpkg
    try:
        validate_gpkg.GPKGChecker(f"{folder}/{case['file']}", abort_at_first_error=True).check()
    except validate_gpkg.GPKGCheckException as error:
        return str(error)
    return 'valid'


what, cases, folder = sys.argv[1:]
with open(cases, encoding='utf-8') as file:
    cases = json.load(file)
json.dump([globals()[what](case, folder) for case in cases], sys.stdout)
