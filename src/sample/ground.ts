/** The country painted at the wanted size: study area, height and water of every cell. */
import { throwIfAborted } from '../core/errors.ts';
import type { Country } from './country.ts';
import { fractal } from './noise.ts';
import { forSpans } from './outline.ts';
import type { River } from './rivers.ts';
import { bicubic, bilinear, CELL_KM, N } from './working-grid.ts';

export interface Ground {
  readonly size: number;
  /** Working cells per cell. */
  readonly step: number;
  /** Cell size in m, as the working grid counts it. */
  readonly cell: number;
  /** 1 inside the study area. */
  readonly inside: Uint8Array;
  /** m. */
  readonly height: Float32Array;
  /** 0 land, 1 river, 2 lake. */
  readonly water: Uint8Array;
}

export const RIVER = 1;
export const LAKE = 2;

/** A river is drawn as soon as it is this share of a cell wide, then at least one cell wide. */
const DRAWN_FROM = 0.24;
/** Banks rise by this many metres per metre away from the water. */
const BANK = 0.012;
/** … and are cut into the ground so far from the bed, m. */
const BANK_REACH = 400;

export function makeGround(country: Country, size: number, signal?: AbortSignal): Ground {
  const step = N / size;
  const cell = step * CELL_KM * 1000;
  const ground: Ground = {
    size,
    step,
    cell,
    inside: new Uint8Array(size * size),
    height: new Float32Array(size * size),
    water: new Uint8Array(size * size),
  };
  for (let row = 0; row < size; row++) {
    if ((row & 63) === 0) throwIfAborted(signal);
    paintRow(country, ground, row);
  }
  for (const river of country.waters.rivers) stampRiver(ground, river);
  for (let row = 0; row < size; row++) {
    forSpans(country.outline, (row + 0.5) * step, size, step, (from, to) => {
      for (let i = row * size + from; i < row * size + to; i++) if (ground.height[i] > 0) ground.inside[i] = 1;
    });
  }
  return ground;
}

function paintRow(country: Country, { size, step, height, water }: Ground, row: number): void {
  const { surface, lakeMargin, lakeLevel } = country.waters;
  const octaves = detailOctaves(step);
  const y = (row + 0.5) * step;
  const nearRow = Math.min(N - 1, Math.floor(y)) * N;
  for (let column = 0, i = row * size; column < size; column++, i++) {
    const x = (column + 0.5) * step;
    let z = bicubic(surface, N, x, y);
    // Below the working grid's cells the ground goes on as rough as it is steep.
    if (octaves > 0 && z > 0) {
      const rough = 0.15 + 0.55 * bilinear(country.waters.slope, x, y);
      z = Math.max(0.1, z + rough * fractal(x / 1.7, y / 1.7, octaves, country.seed + 140));
    }
    const near = nearRow + Math.min(N - 1, Math.floor(x));
    if (lakeMargin[near] > -9) {
      const margin =
        bilinear(lakeMargin, x, y) + (octaves > 0 ? 0.5 * fractal(x / 1.3, y / 1.3, octaves, country.seed + 150) : 0);
      if (margin > 0) {
        water[i] = LAKE;
        z = lakeLevel[near];
      } else z = Math.max(z, lakeLevel[near] + 0.1);
    }
    height[i] = z;
  }
}

/** How many octaves of noise fit between the working cell and the painted one. */
function detailOctaves(step: number): number {
  let octaves = 0;
  for (let wave = 1.7; wave > 2 * step && octaves < 6; wave /= 2) octaves++;
  return octaves;
}

/** Lowers the ground to the river and its banks and marks the water, segment by segment. */
function stampRiver(ground: Ground, river: River): void {
  const { cell } = ground;
  for (let k = 0; k + 1 < river.x.length; k++) {
    const half = river.width[k] / 2;
    // A bed of one cell, unless cells are so coarse that it would swallow the hills beside it.
    const bed = Math.max(half, 0.5 * Math.min(cell, CELL_KM * 1000));
    const drawn = river.width[k] >= DRAWN_FROM * cell ? Math.max(half, 0.5 * cell) : 0;
    stampSegment(ground, river, k, bed, drawn);
  }
}

/** `bed`: metres to each side at the level of the river; `drawn`: metres to each side marked as water. */
function stampSegment(ground: Ground, river: River, k: number, bed: number, drawn: number): void {
  const { size, step, height, water } = ground;
  const metres = CELL_KM * 1000;
  const reach = Math.max(drawn, bed + BANK_REACH);
  const ax = river.x[k];
  const ay = river.y[k];
  const dx = river.x[k + 1] - ax;
  const dy = river.y[k + 1] - ay;
  const square = dx * dx + dy * dy;
  const pad = reach / metres;
  const left = Math.max(0, Math.floor((Math.min(ax, ax + dx) - pad) / step));
  const right = Math.min(size - 1, Math.floor((Math.max(ax, ax + dx) + pad) / step));
  const top = Math.max(0, Math.floor((Math.min(ay, ay + dy) - pad) / step));
  const bottom = Math.min(size - 1, Math.floor((Math.max(ay, ay + dy) + pad) / step));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const px = (column + 0.5) * step - ax;
      const py = (row + 0.5) * step - ay;
      const along = square > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / square)) : 0;
      const ox = px - along * dx;
      const oy = py - along * dy;
      const away = Math.sqrt(ox * ox + oy * oy) * metres;
      const i = row * size + column;
      if (away > reach || height[i] <= 0 || water[i] === LAKE) continue;
      const level = river.height[k] + along * (river.height[k + 1] - river.height[k]);
      if (away <= bed + BANK_REACH) height[i] = Math.min(height[i], level + BANK * Math.max(0, away - bed));
      if (away <= drawn) water[i] = RIVER;
    }
  }
}
