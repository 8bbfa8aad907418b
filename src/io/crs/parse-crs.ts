/** A coordinate reference system from what people and files write: a code of the EPSG, an OGC URN or URL, WKT 1 or 2, a proj string. */
import { EcofluxError } from '../../core/errors.ts';
import type { Crs } from '../../core/grid.ts';
import { METRES } from '../tiff/geo-keys.ts';
import { epsgDefinition } from './epsg.ts';
import { encodeGeoKeys } from './geo-key-encoder.ts';
import { parseProj } from './proj-string.ts';
import { unknownCrs } from './projection.ts';
import { isGeographic, shorten, systemOf } from './systems.ts';
import {
  COMPOUND_KEYWORDS,
  child,
  epsgOf,
  GEOGRAPHIC_KEYWORDS,
  looksLikeWkt,
  nameOf,
  PROJECTED_KEYWORDS,
  parseWkt,
  unitOf,
  type WktNode,
} from './wkt.ts';

const EXPECTED = 'an EPSG code, an OGC URN, WKT or a proj string';

/**
 * `epsg` is set where the text itself has a code. A system without one has its `definition`, and `geoKeys` made from it where GeoTIFF can hold it.
 * Throws InvalidInput for a missing, unknown or unusable system.
 */
export async function parseCrs(text: string): Promise<Crs> {
  const given = text.trim();
  if (given === '') {
    throw new EcofluxError('InvalidInput', 'the coordinate reference system is missing', { expected: EXPECTED });
  }
  const code = codeIn(given);
  if (code !== undefined) return crsOfCode(code);
  if (looksLikeWkt(given)) return crsOfWkt(given);
  if (/(^|\s)\+?proj=/.test(given)) return crsOfProj(given);
  const esri = /^ESRI:{1,2}(\d+)$/i.exec(given);
  const definition = esri ? await epsgDefinition(Number(esri[1])) : undefined;
  if (definition === undefined) throw unknownCrs(shorten(given), EXPECTED);
  return crsOfProj(definition, given.toUpperCase());
}

const CODES = [
  /^(?:EPSG:{1,2})?(\d+)$/i,
  /^\+?init=epsg:(\d+)\b/i,
  /^urn:(?:x-)?ogc:def:crs:EPSG:[^:]*:(\d+)$/i,
  /^https?:\/\/(?:www\.)?opengis\.net\/def\/crs\/EPSG\/[^/]+\/(\d+)\/?$/i,
  /^https?:\/\/(?:www\.)?opengis\.net\/gml\/srs\/epsg\.xml#(\d+)$/i,
];
const LONGITUDE_FIRST =
  /^(?:(?:urn:(?:x-)?ogc:def:crs:)?OGC:(?:[\d.]*:)?|https?:\/\/(?:www\.)?opengis\.net\/def\/crs\/OGC\/[^/]+\/)?CRS:?84$/i;

function codeIn(text: string): number | undefined {
  if (LONGITUDE_FIRST.test(text)) return 4326;
  const found = CODES.map((pattern) => pattern.exec(text)?.[1]).find((digits) => digits !== undefined);
  return found === undefined ? undefined : Number(found);
}

async function crsOfCode(epsg: number, name = nameOfCode(epsg)): Promise<Crs> {
  const definition = await epsgDefinition(epsg);
  if (definition === undefined) throw unknownCrs(`EPSG:${epsg}`, 'a code of the EPSG that proj4 can express');
  const parameters = parseProj(definition);
  if (parameters.get('proj') === 'longlat') return { epsg, name, kind: 'geographic' };
  return { epsg, name, kind: 'projected', metresPerUnit: knownUnit(Number(parameters.get('to_meter') ?? 1)) };
}

/** The table of codes has no names; those that nearly everybody uses are easily made. */
function nameOfCode(epsg: number): string {
  const zone = epsg % 100;
  if (epsg === 4326) return 'WGS 84';
  if (epsg > 32600 && epsg < 32800 && zone >= 1 && zone <= 60)
    return `WGS 84 / UTM zone ${zone}${epsg < 32700 ? 'N' : 'S'}`;
  return `EPSG:${epsg}`;
}

async function crsOfWkt(text: string): Promise<Crs> {
  const root = parseWkt(text);
  if (!root) {
    throw new EcofluxError('InvalidInput', 'this WKT has brackets that do not match', { found: shorten(text) });
  }
  const node = horizontalPart(root);
  if (!node) throw unknownCrs(shorten(text), 'WKT of a geographic or projected system');
  const name = nameOf(node) || 'unnamed system';
  const epsg = epsgOf(node);
  if (epsg !== undefined) return crsOfCode(epsg, name);
  // Esri's words for the web's Mercator, which is a sphere's formula on the ellipsoid's coordinates.
  if (nameOf(child(node, 'PROJECTION') ?? node) === 'Mercator_Auxiliary_Sphere') return crsOfCode(3857, name);

  const projected = isOneOf(node, PROJECTED_KEYWORDS);
  const base = projected ? child(node, 'GEOGCS', 'BASEGEOGCRS', 'BASEGEODCRS') : node;
  const angle = base && unitOf(base, 'ANGLEUNIT');
  if (angle !== undefined && Math.abs(angle / (Math.PI / 180) - 1) > 1e-6) {
    throw new EcofluxError('Unsupported', 'WKT with angles in other units than degrees is not understood', {
      found: name,
      fix: 'give the EPSG code of the system',
    });
  }
  // proj4 reads the horizontal part only where it is the whole.
  const definition = node === root ? text : partOf(text, node);
  const system = await systemOf(definition);
  const geoKeys = encodeGeoKeys(system, name);
  const unit = { metresPerUnit: knownUnit(system.to_meter ?? 1) };
  return {
    name,
    kind: projected ? 'projected' : 'geographic',
    ...(projected && unit),
    ...(geoKeys && { geoKeys }),
    definition,
  };
}

function horizontalPart(root: WktNode): WktNode | undefined {
  const node = isOneOf(root, COMPOUND_KEYWORDS) ? child(root, ...PROJECTED_KEYWORDS, ...GEOGRAPHIC_KEYWORDS) : root;
  return node && isOneOf(node, [...PROJECTED_KEYWORDS, ...GEOGRAPHIC_KEYWORDS]) ? node : undefined;
}

function isOneOf({ keyword }: WktNode, keywords: readonly string[]): boolean {
  return keywords.includes(keyword);
}

/** The text of a node of a compound system. */
function partOf(text: string, node: WktNode): string {
  const start = text.search(new RegExp(`\\b${node.keyword}\\s*[[(]`, 'i'));
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (!quoted && /[[(]/.test(text[at])) depth++;
    else if (!quoted && /[\])]/.test(text[at]) && --depth === 0) return text.slice(start, at + 1);
  }
  return text;
}

async function crsOfProj(definition: string, name?: string): Promise<Crs> {
  const plus = definition.startsWith('+') ? definition : `+${definition}`;
  const system = await systemOf(plus);
  const title = name ?? (parseProj(plus).get('title') || shorten(plus));
  const geoKeys = encodeGeoKeys(system, title);
  const rest = { ...(geoKeys && { geoKeys }), definition: plus };
  if (isGeographic(system)) return { name: title, kind: 'geographic', ...rest };
  return { name: title, kind: 'projected', metresPerUnit: knownUnit(system.to_meter ?? 1), ...rest };
}

/** Tables round the feet of the survey to ten digits. */
function knownUnit(metres: number): number {
  return Object.values(METRES).find((known) => Math.abs(known / metres - 1) < 1e-9) ?? metres;
}
