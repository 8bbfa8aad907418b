/** What the years of one layer have in common and where they differ. Pure. */
import { layerOptions } from '../layers.ts';
import type { Project } from '../schema.ts';
import type { Finding, LayerCheck } from './types.ts';
import { percent } from './value-findings.ts';

/** What is odd about every year of a layer is said once. */
export function mergeYears(findings: readonly Finding[], { layers, years }: Project): Finding[] {
  const alike = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.level, finding.about, finding.what]);
    alike.set(key, [...(alike.get(key) ?? []), finding]);
  }
  return [...alike.values()].map((group) => {
    const [{ fixOfOne, ...first }] = group;
    if (first.about === undefined || layers[first.about] === undefined) return first;
    const pattern = layerOptions(layers[first.about]).file;
    const every = group.length === years.length || !pattern.includes('{year}');
    const ofSome = group.flatMap((each) => each.fixOfOne ?? []);
    const fix = every || ofSome.length === 0 ? first.fix : ofSome.join('; ');
    if (group.length === 1) return { ...first, fix };
    const files = group.map(({ file }) => file!);
    const file = every && pattern.includes('{year}') ? pattern : files.join(', ');
    const differ = group.some(({ found }) => found !== first.found);
    return {
      ...first,
      file,
      fix,
      found: differ ? group.map((each) => `${each.file}: ${each.found}`).join('; ') : first.found,
    };
  });
}

/** Years of one layer that lie elsewhere, or hold less, than the others. */
export function yearFindings(checks: readonly LayerCheck[]): Finding[] {
  const byLayer = new Map<string, LayerCheck[]>();
  for (const check of checks) {
    const key = `${check.layer} ${check.kind} ${check.unit}`;
    if (check.year !== undefined) byLayer.set(key, [...(byLayer.get(key) ?? []), check]);
  }
  return [...byLayer.values()].flatMap((years) => {
    const [first, ...others] = years;
    const shape = ({ width, height, cellWidth, crs }: LayerCheck) =>
      `${width} × ${height} cells of ${cellWidth}, ${crs}`;
    const about = { about: first.layer, level: 'warning' } as const;
    const fix = 'changes between years would partly be differences of the files: give all years on one extent';
    const elsewhere = others.filter(
      (check) => shape(check) !== shape(first) || Math.abs(check.gridOverlap - first.gridOverlap) > 0.01,
    );
    if (elsewhere.length > 0)
      return [
        {
          ...about,
          what: 'the years lie on different extents or cells',
          found: years
            .map((check) => `${check.year}: ${shape(check)}, ${percent(check.gridOverlap)} of the grid`)
            .join('; '),
          fix,
        },
      ];
    const shares = years.map(({ nodataShare }) => nodataShare);
    if (Math.max(...shares) - Math.min(...shares) < 1) return [];
    const found = years.map(({ year, nodataShare }) => `${year}: ${percent(nodataShare)}`).join('; ');
    return [{ ...about, what: 'the years differ in what is nodata', found, fix }];
  });
}
