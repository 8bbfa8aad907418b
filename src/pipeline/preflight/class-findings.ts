/** Land-cover classes and the tables: classes on the map without a row, with their area and share, and rows that no map needs. */
import type { EcofluxError } from '../../core/errors.ts';
import type { ClassRows } from '../../core/values.ts';
import { checkClasses, LAND_COVER, tablesAndLayers } from '../class-checks.ts';
import { checkThreats } from '../habitat/service-threats.ts';
import { layerKey } from '../layers.ts';
import type { Platform } from '../platform.ts';
import type { PreparedProject } from '../prepare.ts';
import { Problems } from '../problems.ts';
import { checkRegions } from '../region-checks.ts';
import { allParts } from '../service-models.ts';
import { rowsKey, tableFile } from '../service-tables.ts';
import { findingOf } from './problem-findings.ts';
import type { ClassShare, Finding, LayerCheck } from './types.ts';
import { percent } from './value-findings.ts';

/** A table of the project as one model reads it, and the class layers it has to cover. */
interface TableUse {
  readonly table: string;
  readonly path: string;
  readonly rows: ClassRows;
  readonly layers: readonly UsedLayer[];
}

interface UsedLayer {
  readonly layer: string;
  readonly year: number;
}

/** @param checks by layer key */
export async function classFindings(
  prepared: PreparedProject,
  checks: ReadonlyMap<string, LayerCheck>,
  platform: Platform,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const uses = tableUses(prepared);
  const checksOf = ({ layers }: TableUse) =>
    layers.flatMap(({ layer, year }) => checks.get(layerKey(layer, year, LAND_COVER)) ?? []);
  const unsure = uses.some((use) =>
    checksOf(use).some((check) => check.reading.sampled || missing(check, use.rows).length > 0),
  );
  const errors = unsure ? await missingRows(prepared, platform, signal) : [];
  const regions = errors.length > 0 ? [] : await regionProblems(prepared, platform, signal);
  const findings = [
    ...errors.map((error) => withShares(findingOf(error), [...checks.values()])),
    ...regions.map(findingOf),
  ];
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
  const uses = new Map<string, { table: string; path: string; rows: ClassRows; layers: Map<string, UsedLayer> }>();
  for (const part of allParts(services))
    for (const [name, layer] of tablesAndLayers(part))
      for (const year of project.years) {
        const path = tableFile(project, part.tables[name], year);
        const rows = tables.get(rowsKey(part, name, year))!;
        const key = `${part.model!.id} ${path}`;
        const use = uses.get(key) ?? { table: part.tables[name], path, rows, layers: new Map() };
        use.layers.set(`${layer} ${year}`, { layer, year });
        uses.set(key, use);
      }
  return [...uses.values()].map((use) => ({ ...use, layers: [...use.layers.values()] }));
}

function missing({ classes = [] }: LayerCheck, rows: ClassRows): ClassShare[] {
  return classes.filter(({ code }) => !rows.has(code));
}

/** As the run would say it: counted on the grid, inside the area. */
async function missingRows(
  prepared: PreparedProject,
  platform: Platform,
  signal?: AbortSignal,
): Promise<readonly EcofluxError[]> {
  const { services, layers, tables, mask, grid, file } = prepared;
  const problems = new Problems();
  await checkClasses({ file, services, layers, rows: tables, platform, problems, mask, grid, signal });
  return problems.all;
}

async function regionProblems(
  { services, layers, tables, mask, grid, file }: PreparedProject,
  platform: Platform,
  signal?: AbortSignal,
): Promise<readonly EcofluxError[]> {
  const problems = new Problems();
  await checkRegions({ file, services, layers, rows: tables, platform, problems, mask, grid, signal });
  await checkThreats({ services, layers, project: file.project, platform, problems, signal });
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
