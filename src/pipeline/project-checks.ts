/** Checks of a project file that its schema cannot make: what this platform can write, names that are taken, files that nobody opens. */
import { EcofluxError, ManyErrors } from '../core/errors.ts';
import { bounds, describeGrid, type Grid } from '../core/grid.ts';
import { writableCodecs } from '../io/codecs/index.ts';
import type { PolygonArea } from '../io/vector/area.ts';
import type { Platform } from './platform.ts';
import type { Problems } from './problems.ts';
import { fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';
import { tableFile } from './service-tables.ts';

/** Folders and files of the output that services share a place with. */
const RESERVED = ['composite', 'lulc', 'land_cover'];
const MOST_DEFLATE = 9;

export async function checkProject(file: ProjectFile, platform: Platform, problems: Problems): Promise<void> {
  const { output, services, tables, years } = file.project;
  const { compression = 'deflate', level } = output;
  const writable = await writableCodecs();
  if (!writable.includes(compression))
    problems.add(
      fault(file, ['output', 'compression'], `${compression} compression cannot be written here`, {
        expected: writable.join(', '),
        fix: 'use deflate, or for zstd Node 22.15 or newer',
      }),
    );
  if (level !== undefined && compression === 'deflate' && level > MOST_DEFLATE)
    problems.add(
      fault(file, ['output', 'level'], 'deflate has no such level', {
        found: String(level),
        expected: `1 to ${MOST_DEFLATE}`,
      }),
    );
  for (const name of Object.keys(services))
    if (RESERVED.includes(name))
      problems.add(
        fault(file, ['services', name], `'${name}' cannot be the name of a service`, { fix: 'choose another one' }),
      );
  for (const name of Object.keys(tables))
    for (const path of new Set(years.map((year) => tableFile(file.project, name, year))))
      await problems.wait(() =>
        inProject(file, ['tables', name], () => platform.readBytes(platform.relativeTo(file.name, path))),
      );
}

/** Says where the project file mentions what an error is about. */
export async function inProject<T>(
  file: ProjectFile,
  path: readonly (string | number)[],
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EcofluxError) || error instanceof ManyErrors) throw error;
    const { code, what, details } = error;
    if (details.file === undefined)
      throw new EcofluxError(code, what, { ...details, file: file.name, place: file.place(path) });
    const mentioned = `${path.join('.')} at ${file.place(path)} of ${file.name}`;
    throw new EcofluxError(code, what, { ...details, place: details.place ?? mentioned });
  }
}

/** An area that lies elsewhere would make every map empty, after all the work. */
export function checkOverlap(file: ProjectFile, { polygons }: PolygonArea, grid: Grid): EcofluxError | undefined {
  const { west, east, south, north } = bounds(grid);
  const points = polygons.flat(2);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (least(xs) < east && most(xs) > west && least(ys) < north && most(ys) > south) return undefined;
  return fault(file, ['area'], 'the area does not overlap the grid', {
    found: `x ${least(xs)}..${most(xs)}, y ${least(ys)}..${most(ys)}`,
    expected: describeGrid(grid),
    fix: 'check its coordinates; GeoJSON without a crs member is in degrees',
  });
}
