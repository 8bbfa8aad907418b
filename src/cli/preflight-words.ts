/** What `validate` and `plan` print: the layers as a table, findings with their cure, resources against what there is. */

import { findingLine } from '../pipeline/preflight/finding-line.ts';
import type { Preflight } from '../pipeline/preflight/preflight.ts';
import { bytesWord } from '../pipeline/preflight/resources.ts';
import type { Finding, LayerCheck, Level, Resources } from '../pipeline/preflight/types.ts';
import { percent } from '../pipeline/preflight/value-findings.ts';
import { tableOf } from './summary.ts';

const HEAD = ['layer', 'file', 'CRS', 'cell', 'overlap', 'nodata', 'min', 'mean', 'max', 'unit', 'resampling', 'read'];

export function layersTable(layers: readonly LayerCheck[]): string {
  return tableOf([HEAD, ...layers.map(row)]);
}

function row(check: LayerCheck): string[] {
  const { layer, file, crs, areaOverlap, nodataShare, values, classes, unit, resampling, reading, cellMetres } = check;
  const three = values ? [values.min, values.mean, values.max].map(short) : [`${classes?.length ?? 0} classes`, '', ''];
  const size = check.cellWidth === check.cellHeight ? [check.cellWidth] : [check.cellWidth, check.cellHeight];
  const isMetres = cellMetres !== undefined && Math.abs(cellMetres[0] / check.cellWidth - 1) < 1e-6;
  const cell = `${size.map(short).join(' × ')}${isMetres ? ' m' : cellMetres ? ` (${cellMetres.map(short).join(' × ')} m)` : ''}`;
  return [
    layer,
    file,
    crs,
    cell,
    percent(areaOverlap),
    percent(nodataShare),
    ...three,
    values ? unit : '',
    resampling,
    reading.words,
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

const TITLES: Readonly<Record<Level, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

/** Grouped by level. */
export function findingsText(findings: readonly Finding[], levels: readonly Level[]): string[] {
  return levels.flatMap((level) => {
    const those = findings.filter((finding) => finding.level === level);
    return those.length === 0 ? [] : ['', `${TITLES[level]}:`, ...those.map((finding) => `  ${findingLine(finding)}`)];
  });
}

export function resourceLines(resources: Resources): string[] {
  const { memoryNeeded, memoryBudget, deviceMemoryNeeded, deviceMemoryBudget, outputBytes, outputPeakBytes } =
    resources;
  const { scratchBytes, outputFree, scratchFree, tiles, tileWidth, tileHeight, passes, seconds } = resources;
  const free = (bytes: number | undefined) => (bytes === undefined ? '' : ` (${bytesWord(bytes)} free)`);
  const device =
    deviceMemoryBudget > 0
      ? `, ${bytesWord(deviceMemoryNeeded)} of ${bytesWord(deviceMemoryBudget)} on the device`
      : '';
  return [
    `Tiles: ${tiles} of ${tileWidth} × ${tileHeight} cells in ${passes} ${passes === 1 ? 'pass' : 'passes'}`,
    `Memory: ${bytesWord(memoryNeeded)} of ${bytesWord(memoryBudget)} on the host${device}`,
    `Disk: about ${bytesWord(outputBytes)} of output, ${bytesWord(outputPeakBytes)} while it is written${free(outputFree)}, ${bytesWord(scratchBytes)} of scratch files${free(scratchFree)}`,
    `Time: about ${duration(seconds)}`,
  ];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Number((seconds / 3600).toPrecision(2))} h`;
}

export function verdict(project: string, { valid, findings, analysis }: Preflight): string {
  const count = (level: Level, word: string) => {
    const number = findings.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  const counts = [...count('error', 'error'), ...count('warning', 'warning'), ...count('note', 'note')].join(', ');
  return valid
    ? `${project} is in order: ${analysis.outputs.length} maps${counts && `; ${counts}`}.`
    : `${project} cannot be run: ${counts}.`;
}
