/** The whole country on the working grid: everything that does not depend on the size of the rasters. */
import { throwIfAborted } from '../core/errors.ts';
import { type Settlement, settle } from './growth.ts';
import { forSpans, makeOutline, type Outline } from './outline.ts';
import type { Preset } from './presets.ts';
import { buildRoads, type Road } from './roads.ts';
import { makeRelief } from './terrain.ts';
import { placeTowns, type Town } from './towns.ts';
import { makeWaters, type Waters } from './waters.ts';
import { N } from './working-grid.ts';

export interface Country {
  readonly preset: Preset;
  readonly seed: number;
  readonly waters: Waters;
  readonly outline: Outline;
  /** 1 on the working cells of the study area. */
  readonly inside: Uint8Array;
  readonly towns: readonly Town[];
  readonly roads: readonly Road[];
  readonly settlements: readonly Settlement[];
}

/** Share of the extent that the study area takes, unless the sea leaves less. */
const STUDY_SHARE = 0.6;

/** Raises EcofluxError `Interrupted` when the signal fires. */
export function makeCountry(
  preset: Preset,
  seed: number,
  years: readonly number[],
  signal?: AbortSignal,
  progress: (part: string, share: number) => void = () => {},
): Country {
  const begin = (part: string, share: number) => {
    throwIfAborted(signal);
    progress(part, share);
  };
  begin('relief', 0);
  const relief = makeRelief(preset, seed);
  begin('waters', 0.5);
  const waters = makeWaters(preset, relief, seed);
  const { slope } = waters;
  begin('towns and roads', 0.7);
  const outline = makeOutline((cell) => waters.surface[cell] > 0, STUDY_SHARE, seed);
  const inside = new Uint8Array(N * N);
  for (let row = 0; row < N; row++) {
    forSpans(outline, row + 0.5, N, 1, (from, to) => {
      for (let i = row * N + from; i < row * N + to; i++) if (waters.surface[i] > 0) inside[i] = 1;
    });
  }
  const towns = placeTowns(preset, waters, slope, inside, seed);
  const roads = buildRoads(towns, waters, slope, seed);
  begin('growth', 0.9);
  const settlements = years.map((year) => settle(towns, roads, waters, slope, year));
  return { preset, seed, waters, outline, inside, towns, roads, settlements };
}
