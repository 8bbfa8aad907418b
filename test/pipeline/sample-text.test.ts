/** The project files of the presets: read without a complaint, and with the layers and tables that their services need and no others. */
import { describe, expect, test } from 'vitest';
import { parseCsv } from '../../src/io/class-table.ts';
import { prepareHabitat } from '../../src/pipeline/habitat/service.ts';
import { readProject } from '../../src/pipeline/project-file.ts';
import {
  PRESET_SERVICES,
  SAMPLE_SERVICES,
  type SampleService,
  sampleProjectText,
} from '../../src/pipeline/sample-text.ts';
import { allParts, prepareService } from '../../src/pipeline/service-models.ts';
import { PRESETS, type PresetId } from '../../src/sample/presets.ts';
import { regionGrid } from '../../src/sample/region.ts';
import { TABLES } from '../../src/sample/tables.ts';

const habitat = prepareHabitat(
  parseCsv('threats.csv', TABLES['threats.csv']),
  parseCsv('sensitivity.csv', TABLES['sensitivity.csv']),
);

function prepared(services: readonly SampleService[], preset: PresetId = 'anhui', size = 512) {
  const text = sampleProjectText({ preset, services, grid: regionGrid({ size }), years: [2003, 2013, 2023] });
  const file = readProject('project.yaml', text);
  return { project: file.project, parts: allParts(services.map((code) => prepareService(file, code, habitat))) };
}

describe('the project file of the sample', () => {
  test.each(SAMPLE_SERVICES)('%s alone: nothing is missing, nothing is too much', (code) => {
    const { project, parts } = prepared([code]);
    const layers = parts.flatMap(({ inputs }) => Object.values(inputs).map(({ layer }) => layer));
    if (project.services[code].flow === 'directional') layers.push('dem');
    expect([...new Set(['lulc', ...layers])].sort()).toEqual(Object.keys(project.layers).sort());
    const tables = parts.flatMap((part) => Object.values(part.tables));
    expect([...new Set(tables)].sort()).toEqual(Object.keys(project.tables).sort());
  });

  test.each(Object.keys(PRESETS) as PresetId[])('preset %s, coarse and fine', (preset) => {
    for (const size of [16, 512, 4096]) {
      const { project, parts } = prepared(PRESET_SERVICES[preset], preset, size);
      expect(Object.keys(project.services)).toEqual(PRESET_SERVICES[preset]);
      const streams = parts
        .filter(({ model }) => model?.id === 'sdr')
        .map(({ params }) => params.threshold_flow_accumulation);
      const cell = regionGrid({ size }).cellWidth;
      for (const cells of streams) expect(cells).toBe(Math.max(8, Math.round(25e6 / cell ** 2)));
      expect(streams.length).toBe(2);
    }
  });

  test('four services of the Anhui paper, nine of the delta', () => {
    expect(PRESET_SERVICES.anhui).toEqual(['WY', 'CS', 'BC', 'SR']);
    expect(PRESET_SERVICES['yangtze-delta']).toHaveLength(9);
  });
});
