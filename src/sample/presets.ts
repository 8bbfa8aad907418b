/**
 * What differs between the three kinds of sample country: the form of the land, the sea, rivers that come from outside, climate
 * level and people. u runs from west to east and v from north to south over the extent, both 0..1. No real place is copied.
 */
import { bump, clamp, ramp } from './noise.ts';

export type PresetId = 'anhui' | 'yangtze-delta' | 'xiamen-zhangzhou-quanzhou';

/** The land before rivers work on it. */
export interface Form {
  /** How fast it rises, 0 (plain) .. 1 (high mountains). */
  readonly uplift: number;
  /** Height in m from which the shaping starts; below 0 is sea. */
  readonly start: number;
}

export interface Preset {
  readonly id: PresetId;
  readonly title: string;
  readonly form: (u: number, v: number) => Form;
  /** Slope of a hillside in high mountains, m per km. */
  readonly steepness: number;
  /** Great rivers entering at the rim: position and the area in km² that they already drain. */
  readonly inflows: readonly { readonly u: number; readonly v: number; readonly area: number }[];
  /** Rim cells through which water may leave; the sea always is one. */
  readonly outlet: (u: number, v: number) => boolean;
  /** Metres by which the finished land is drowned, which turns valley mouths into bays. */
  readonly drowning: number;
  readonly lakes: { readonly count: number; readonly largestKm: number };
  readonly climate: {
    /** mm/yr at the northern and southern edge at low height, and per km of height. */
    readonly rainNorth: number;
    readonly rainSouth: number;
    readonly rainPerKm: number;
    /** °C at sea level, north and south. */
    readonly warmNorth: number;
    readonly warmSouth: number;
    /** By how many °C the hottest month is warmer than the year. */
    readonly summer: number;
    /** mm/yr at low height, north and south. */
    readonly et0North: number;
    readonly et0South: number;
  };
  readonly people: {
    /** Town population in 2003 (millions), largest town. */
    readonly largestTown: number;
    readonly towns: number;
    /** Rural people per km² of good cropland. */
    readonly rural: number;
    /** GDP per person in 2003, 2013, 2023, in 10⁴ CNY. */
    readonly wealth: readonly [number, number, number];
  };
  readonly names: readonly string[];
}

function anhui(u: number, v: number): Form {
  const river = 0.8 - 0.44 * u;
  const south = ramp(0.05, 0.24, v - river);
  const west = bump((u - 0.1) / 0.34, (v - 0.5) / 0.19);
  const hills = 0.1 * bump((u - 0.6) / 0.35, (v - river + 0.16) / 0.13);
  const knolls = 0.07 * bump((u - 0.78) / 0.14, (v - 0.12) / 0.12);
  const uplift = Math.max(0.012, 0.9 * south, west, hills, knolls);
  const trench = Math.min(Math.abs(v - river), Math.abs(v - (0.33 - 0.06 * u)));
  return { uplift, start: 6 + 500 * uplift + 22 * (1 - u) + 40 * clamp(trench / 0.15, 0, 1) };
}

function delta(u: number, v: number): Form {
  const shore = 0.88 - 0.05 * v - u;
  const river = 0.36 - 0.12 * u;
  const southwest = ramp(0.12, 0.42, v - 0.45 - 0.55 * (u - 0.2));
  const hills = 0.12 * bump((u - 0.22) / 0.22, (v - 0.3) / 0.14);
  const uplift = Math.max(0.006, 0.75 * southwest, hills) * ramp(-0.01, 0.1, shore);
  const start = shore < 0 ? -25 * Math.min(1, -shore / 0.08) : 1;
  return {
    uplift,
    start: start + 450 * uplift + 25 * Math.max(0, shore) + 14 * clamp(Math.abs(v - river) / 0.2, 0, 1),
  };
}

function coast(u: number, v: number): Form {
  const shore = 1.03 - 0.5 * v - u;
  const uplift =
    Math.max(0.02, ramp(0.04, 0.34, shore), 0.14 * bump((shore - 0.09) / 0.07, 0)) * ramp(-0.03, 0.05, shore);
  return { uplift, start: shore < 0 ? -50 * Math.min(1, -shore / 0.12) : 2 + 420 * uplift + 30 * shore };
}

export const PRESETS: Readonly<Record<PresetId, Preset>> = {
  anhui: {
    id: 'anhui',
    title: 'inland region between a northern plain and southern mountains, crossed by a great river',
    form: anhui,
    steepness: 165,
    inflows: [
      { u: 0, v: 0.8, area: 600000 },
      { u: 0, v: 0.33, area: 40000 },
    ],
    outlet: (u, v) => u > 0.99 && v > 0.15 && v < 0.5,
    drowning: 0,
    lakes: { count: 12, largestKm: 12 },
    climate: {
      rainNorth: 860,
      rainSouth: 1380,
      rainPerKm: 260,
      warmNorth: 15.2,
      warmSouth: 17.2,
      summer: 11.9,
      et0North: 1060,
      et0South: 960,
    },
    people: { largestTown: 1.4, towns: 46, rural: 390, wealth: [0.65, 3.2, 7.7] },
    names: [
      'Heron',
      'Millet',
      'Stone',
      'Willow',
      'Cloud',
      'Tea',
      'Lotus',
      'Maple',
      'Amber',
      'Crane',
      'Cedar',
      'Bamboo',
    ],
  },
  'yangtze-delta': {
    id: 'yangtze-delta',
    title: 'river delta with lakes, a flat coast in the east and hills in the south-west',
    form: delta,
    steepness: 140,
    inflows: [{ u: 0, v: 0.36, area: 900000 }],
    outlet: () => false,
    drowning: 0,
    lakes: { count: 24, largestKm: 19 },
    climate: {
      rainNorth: 1000,
      rainSouth: 1420,
      rainPerKm: 240,
      warmNorth: 15.6,
      warmSouth: 17.6,
      summer: 11.6,
      et0North: 1010,
      et0South: 970,
    },
    people: { largestTown: 2.4, towns: 60, rural: 520, wealth: [2.1, 7.2, 14.2] },
    names: [
      'Reed',
      'Silk',
      'Tide',
      'Canal',
      'Egret',
      'Mulberry',
      'Pearl',
      'Lotus',
      'Harbour',
      'Willow',
      'Rice',
      'Moon',
    ],
  },
  'xiamen-zhangzhou-quanzhou': {
    id: 'xiamen-zhangzhou-quanzhou',
    title: 'mountainous coast with bays and islands in the south-east',
    form: coast,
    steepness: 185,
    inflows: [],
    outlet: () => false,
    drowning: 20,
    lakes: { count: 7, largestKm: 3 },
    climate: {
      rainNorth: 1440,
      rainSouth: 1220,
      rainPerKm: 420,
      warmNorth: 20.6,
      warmSouth: 21.9,
      summer: 7.6,
      et0North: 1120,
      et0South: 1210,
    },
    people: { largestTown: 1.9, towns: 44, rural: 420, wealth: [1.6, 6.1, 12.6] },
    names: ['Banyan', 'Granite', 'Lychee', 'Tide', 'Drum', 'Tea', 'Gull', 'Orange', 'Temple', 'Sail', 'Coral', 'Pine'],
  },
};
