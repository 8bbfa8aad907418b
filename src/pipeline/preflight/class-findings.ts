/** Land-cover classes and the tables: classes on the map without a row, with their area and share, and rows that no map needs. */
import type { EcofluxError } from '../../core/errors.ts';
import type { ClassRows } from '../../core/model.ts';
import { checkClasses, LAND_COVER, tablesAndLayers } from '../class-checks.ts';
import { layerKey } from '../layers.ts';
import type { Platform } from '../platform.ts';
import type { PreparedProject } from '../prepare.ts';
import { Problems } from '../problems.ts';
import type { ServiceSide } from '../service-models.ts';
import { findingOf } from './problem-findings.ts';
import type { ClassShare, Finding, LayerCheck } from './types.ts';
import { percent } from './value-findings.ts';

/** A table of the project as one model reads it, and the class layers it has to cover. */
interface TableUse {
  readonly table: string;
  readonly path: string;
  readonly rows: ClassRows;
  readonly layers: readonly string[];
}

/** @param checks by layer key */
export async function classFindings(
  prepared: PreparedProject,
  checks: ReadonlyMap<string, LayerCheck>,
  platform: Platform,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const uses = tableUses(prepared);
  const { years } = prepared.project;
  const checksOf = ({ layers }: TableUse) =>
    layers.flatMap((layer) => years.flatMap((year) => checks.get(layerKey(layer, year, LAND_COVER)) ?? []));
  const unsure = uses.some((use) =>
    checksOf(use).some((check) => check.reading.sampled || missing(check, use.rows).length > 0),
  );
  const errors = unsure ? await missingRows(prepared, uses, platform, signal) : [];
  const findings = errors.map((error) => withShares(findingOf(error), [...checks.values()]));
  for (const use of uses) {
    const seen = checksOf(use);
    if (seen.length === 0 || seen.some(({ reading }) => reading.sampled || reading.cells === 0)) continue;
    const codes = new Set(seen.flatMap(({ classes = [] }) => classes.map(({ code }) => code)));
    const unused = [...use.rows.keys()].filter((code) => !codes.has(code)).sort((a, b) => a - b);
    if (unused.length > 0)
      findings.push({
        level: 'note',
        about: use.table,
        file: use.path,
        what: `${unused.length === 1 ? 'one row is' : `${unused.length} rows are`} for classes that no map of the study area has`,
        found: unused.join(', '),
      });
  }
  return findings;
}

function tableUses({ services, tables, project }: PreparedProject): TableUse[] {
  const uses = new Map<string, { table: string; path: string; rows: ClassRows; layers: Set<string> }>();
  const sides = services.flatMap(({ supply, demand }): ServiceSide[] => [supply, demand]);
  for (const side of sides) {
    if (!side.model?.tables) continue;
    for (const [table, layer] of tablesAndLayers(side)) {
      const key = `${side.model.id}/${table}`;
      const use = uses.get(key) ?? { table, path: project.tables[table], rows: tables.get(key)!, layers: new Set() };
      use.layers.add(layer);
      uses.set(key, use);
    }
  }
  return [...uses.values()].map((use) => ({ ...use, layers: [...use.layers] }));
}

function missing({ classes = [] }: LayerCheck, rows: ClassRows): ClassShare[] {
  return classes.filter(({ code }) => !rows.has(code));
}

/** As the run would say it: counted on the grid, inside the area. */
async function missingRows(
  prepared: PreparedProject,
  uses: readonly TableUse[],
  platform: Platform,
  signal?: AbortSignal,
): Promise<readonly EcofluxError[]> {
  const { project, services, layers, tables, mask, grid, file } = prepared;
  const problems = new Problems();
  const csv = new Map(uses.map(({ table, path }) => [table, { name: platform.relativeTo(file.name, path) }]));
  await checkClasses({ project, services, layers, rows: tables, csv, platform, problems, mask, grid, signal });
  return problems.all;
}

/** Adds which share of the map the named classes have. */
function withShares(finding: Finding, checks: readonly LayerCheck[]): Finding {
  const codes = [...finding.what.matchAll(/(\d+) \([\d.e+-]+ km²\)/g)].map(([, code]) => Number(code));
  const check = checks.find(({ kind, file }) => kind === 'classes' && finding.file?.endsWith(file));
  const shares = check?.classes?.filter(({ code }) => codes.includes(code)) ?? [];
  if (shares.length === 0) return finding;
  return {
    ...finding,
    about: check!.layer,
    found: `${shares.map(({ code, share }) => `${code} in ${percent(share)}`).join(', ')} of the study area's cells`,
  };
}
