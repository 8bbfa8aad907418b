/** The outline of a WKT text (1, 2 and Esri's): root, name, code, unit. What the parameters mean is proj4's business. */

export interface WktNode {
  readonly keyword: string;
  readonly values: readonly (string | number | WktNode)[];
}

export function looksLikeWkt(text: string): boolean {
  return /^\s*[A-Za-z_]+\s*[[(]/.test(text);
}

/** The tree of a WKT text; undefined where brackets do not match. */
export function parseWkt(text: string): WktNode | undefined {
  const tokens = text.match(/"(?:[^"]|"")*"|[[\](),]|[^\s[\](),"]+/g) ?? [];
  let at = 0;
  const node = (): WktNode | undefined => {
    const keyword = tokens[at++].toUpperCase();
    if (!/^[[(]$/.test(tokens[at++] ?? '')) return undefined;
    const values: (string | number | WktNode)[] = [];
    while (at < tokens.length) {
      const token = tokens[at];
      if (token === ']' || token === ')') {
        at++;
        return { keyword, values };
      }
      if (token === ',') at++;
      else if (token.startsWith('"')) {
        values.push(token.slice(1, -1).replaceAll('""', '"'));
        at++;
      } else if (/^[[(]$/.test(tokens[at + 1] ?? '')) {
        const child = node();
        if (!child) return undefined;
        values.push(child);
      } else {
        values.push(Number.isNaN(Number(token)) ? token : Number(token));
        at++;
      }
    }
    return undefined;
  };
  const root = tokens.length ? node() : undefined;
  return at === tokens.length ? root : undefined;
}

export function child(node: WktNode, ...keywords: readonly string[]): WktNode | undefined {
  return node.values.find((value): value is WktNode => typeof value === 'object' && keywords.includes(value.keyword));
}

export function nameOf(node: WktNode): string {
  return String(node.values[0] ?? '');
}

/** Code of the EPSG that the node itself carries, not one of its parts. */
export function epsgOf(node: WktNode): number | undefined {
  const id = child(node, 'AUTHORITY', 'ID');
  if (!id) return undefined;
  const authority = String(id.values[0]).toUpperCase();
  const code = Number(id.values[1]);
  if (authority === 'OGC' && String(id.values[1]).toUpperCase() === 'CRS84') return 4326;
  return authority === 'EPSG' && Number.isInteger(code) && code > 0 ? code : undefined;
}

/** Size of the node's own unit, in metres or radians; in WKT 2 an axis may carry it. */
export function unitOf(node: WktNode, keyword: 'LENGTHUNIT' | 'ANGLEUNIT'): number | undefined {
  const axis = child(node, 'AXIS');
  const unit = child(node, 'UNIT', keyword) ?? (axis && child(axis, 'UNIT', keyword));
  const size = Number(unit?.values[1]);
  return Number.isFinite(size) ? size : undefined;
}

export const PROJECTED_KEYWORDS = ['PROJCS', 'PROJCRS', 'PROJECTEDCRS'] as const;
export const GEOGRAPHIC_KEYWORDS = ['GEOGCS', 'GEOGCRS', 'GEOGRAPHICCRS', 'GEODCRS', 'GEODETICCRS'] as const;
export const COMPOUND_KEYWORDS = ['COMPD_CS', 'COMPOUNDCRS'] as const;
