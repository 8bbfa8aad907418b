/** A raster grid: north-up, rows from the north, cells `cellWidth` × `cellHeight` in units of the CRS. */

/** Coordinate reference system as the TIFF keys carry it. `epsg` where it has a code; the raw keys where it has not. */
export interface Crs {
  readonly epsg?: number;
  /** Words for people: "WGS 84 / UTM zone 50N" or "EPSG:32650". */
  readonly name: string;
  readonly kind: 'projected' | 'geographic' | 'unknown';
  /** Metres per unit of a projected CRS's coordinates; undefined for geographic and unknown ones. */
  readonly metresPerUnit?: number;
  /** GeoTIFF keys, copied through to outputs when there is no EPSG code. */
  readonly geoKeys?: GeoKeys;
  /** WKT or proj string as it came, of a system with neither a code nor keys. */
  readonly definition?: string;
}

export interface GeoKeys {
  readonly directory: readonly number[];
  readonly doubles: readonly number[];
  readonly ascii: string;
}

export interface Grid {
  readonly width: number;
  readonly height: number;
  /** Outer corner of the north-west cell, CRS units. */
  readonly west: number;
  readonly north: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly crs: Crs;
}

/** Cells of a rectangle, in columns and rows of a grid. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function cellCount(grid: { readonly width: number; readonly height: number }): number {
  return grid.width * grid.height;
}

/** Area of a cell in m²; needs a projected CRS. */
export function cellArea(grid: Grid): number {
  const scale = grid.crs.metresPerUnit ?? 1;
  return grid.cellWidth * scale * grid.cellHeight * scale;
}

export function bounds(grid: Grid): { west: number; south: number; east: number; north: number } {
  return {
    west: grid.west,
    north: grid.north,
    east: grid.west + grid.width * grid.cellWidth,
    south: grid.north - grid.height * grid.cellHeight,
  };
}

/** Whether lengths and areas of cells are known in metres: a projected CRS in a known unit. */
export function isMetric({ crs }: Pick<Grid, 'crs'>): boolean {
  return crs.kind === 'projected' && crs.metresPerUnit !== undefined;
}

export function sameCrs(a: Crs, b: Crs): boolean {
  if (a.epsg !== undefined && b.epsg !== undefined) return a.epsg === b.epsg;
  if (a.geoKeys && b.geoKeys) return JSON.stringify(a.geoKeys) === JSON.stringify(b.geoKeys);
  return a.kind === b.kind && a.name === b.name;
}

/** Same cells in the same place, to a thousandth of a cell. */
export function sameGrid(a: Grid, b: Grid): boolean {
  const close = (p: number, q: number, cell: number) => Math.abs(p - q) <= 1e-3 * cell;
  return (
    a.width === b.width &&
    a.height === b.height &&
    sameCrs(a.crs, b.crs) &&
    close(a.west, b.west, a.cellWidth) &&
    close(a.north, b.north, a.cellHeight) &&
    close(a.cellWidth * a.width, b.cellWidth * b.width, a.cellWidth) &&
    close(a.cellHeight * a.height, b.cellHeight * b.height, a.cellHeight)
  );
}

export function describeGrid(grid: Grid): string {
  const { west, south, east, north } = bounds(grid);
  const cell =
    grid.cellWidth === grid.cellHeight
      ? `${round(grid.cellWidth)}`
      : `${round(grid.cellWidth)} × ${round(grid.cellHeight)}`;
  return `${grid.width} × ${grid.height} cells of ${cell}, ${grid.crs.name}, x ${round(west)}..${round(east)}, y ${round(south)}..${round(north)}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(10)));
}
