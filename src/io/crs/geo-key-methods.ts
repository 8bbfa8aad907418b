/** Projections of user-defined GeoTIFF keys: codes of ProjCoordTransGeoKey and which key holds which parameter of proj. */

const PROJ_KEY = {
  standardParallel1: 3078,
  standardParallel2: 3079,
  naturalOriginLongitude: 3080,
  naturalOriginLatitude: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  falseOriginLongitude: 3084,
  falseOriginLatitude: 3085,
  falseOriginEasting: 3086,
  falseOriginNorthing: 3087,
  centreLongitude: 3088,
  centreLatitude: 3089,
  scaleAtNaturalOrigin: 3092,
  scaleAtCentre: 3093,
  straightVerticalPoleLongitude: 3095,
} as const;

const K = PROJ_KEY;

export interface Method {
  readonly code: number;
  readonly proj: string;
  /** Parameter of proj and the key that it is written to; keys that others write it to follow. */
  readonly keys: Readonly<Record<string, readonly number[]>>;
}

const longitude = (first: number) => [
  first,
  ...[K.naturalOriginLongitude, K.falseOriginLongitude, K.centreLongitude, K.straightVerticalPoleLongitude].filter(
    (key) => key !== first,
  ),
];
const latitude = (first: number) => [
  first,
  ...[K.naturalOriginLatitude, K.falseOriginLatitude, K.centreLatitude].filter((key) => key !== first),
];
const easting = [K.falseEasting, K.falseOriginEasting];
const northing = [K.falseNorthing, K.falseOriginNorthing];
const scale = [K.scaleAtNaturalOrigin, K.scaleAtCentre];
const falseOrigin = { x_0: easting, y_0: northing };

export const METHODS: readonly Method[] = [
  {
    code: 1,
    proj: 'tmerc',
    keys: {
      lat_0: latitude(K.naturalOriginLatitude),
      lon_0: longitude(K.naturalOriginLongitude),
      k_0: scale,
      ...falseOrigin,
    },
  },
  {
    code: 7,
    proj: 'merc',
    keys: { lon_0: longitude(K.naturalOriginLongitude), lat_ts: [K.standardParallel1], k_0: scale, ...falseOrigin },
  },
  {
    code: 8,
    proj: 'lcc',
    keys: {
      lat_0: latitude(K.falseOriginLatitude),
      lon_0: longitude(K.falseOriginLongitude),
      lat_1: [K.standardParallel1],
      lat_2: [K.standardParallel2],
      x_0: [K.falseOriginEasting, K.falseEasting],
      y_0: [K.falseOriginNorthing, K.falseNorthing],
    },
  },
  {
    code: 9,
    proj: 'lcc',
    keys: {
      lat_0: latitude(K.naturalOriginLatitude),
      lon_0: longitude(K.naturalOriginLongitude),
      k_0: scale,
      ...falseOrigin,
    },
  },
  {
    code: 10,
    proj: 'laea',
    keys: { lat_0: latitude(K.centreLatitude), lon_0: longitude(K.centreLongitude), ...falseOrigin },
  },
  {
    code: 11,
    proj: 'aea',
    keys: {
      lat_0: latitude(K.naturalOriginLatitude),
      lon_0: longitude(K.naturalOriginLongitude),
      lat_1: [K.standardParallel1],
      lat_2: [K.standardParallel2],
      ...falseOrigin,
    },
  },
  {
    code: 14,
    proj: 'stere',
    keys: { lat_0: latitude(K.centreLatitude), lon_0: longitude(K.centreLongitude), k_0: scale, ...falseOrigin },
  },
  {
    // The latitude is that of true scale, or a pole and then there is a scale factor.
    code: 15,
    proj: 'stere',
    keys: {
      lat_ts: latitude(K.naturalOriginLatitude),
      lon_0: longitude(K.straightVerticalPoleLongitude),
      k_0: scale,
      ...falseOrigin,
    },
  },
  {
    code: 16,
    proj: 'sterea',
    keys: { lat_0: latitude(K.centreLatitude), lon_0: longitude(K.centreLongitude), k_0: scale, ...falseOrigin },
  },
  {
    code: 17,
    proj: 'eqc',
    keys: {
      lat_0: latitude(K.centreLatitude),
      lon_0: longitude(K.centreLongitude),
      lat_ts: [K.standardParallel1],
      ...falseOrigin,
    },
  },
  { code: 24, proj: 'sinu', keys: { lon_0: longitude(K.centreLongitude), ...falseOrigin } },
  {
    code: 28,
    proj: 'cea',
    keys: { lon_0: longitude(K.naturalOriginLongitude), lat_ts: [K.standardParallel1], ...falseOrigin },
  },
];
