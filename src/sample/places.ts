/** Invented names of counties and sights; no real place is meant. */
import type { Country } from './country.ts';
import type { Ground } from './ground.ts';
import { hash, randomStream } from './noise.ts';
import { distance } from './towns.ts';
import { N } from './working-grid.ts';

const ENDINGS = [
  'Ford',
  'Bridge',
  'Mill',
  'Gate',
  'Market',
  'Ferry',
  'Hollow',
  'Spring',
  'Terrace',
  'Bend',
  'Hill',
  'Field',
];

/** Different names, the k-th the same whatever the count. */
export function countyNames(country: Country, count: number): string[] {
  const { names } = country.preset;
  return Array.from({ length: count }, (_, k) => {
    const start = hash(1, 7, country.seed + 280) % names.length;
    const turn = hash(2, 7, country.seed + 280) % ENDINGS.length;
    // The endings move on by one more each time round the names, so that no pair comes twice.
    return `${names[(start + k) % names.length]} ${ENDINGS[(turn + 5 * k + Math.floor(k / names.length)) % ENDINGS.length]}`;
  });
}

export interface Sight {
  readonly name: string;
  readonly kind: 'peak' | 'lake' | 'old town' | 'valley';
  /** How many visitors it draws, 1 (local) .. 10 (national). */
  readonly weight: number;
  /** Working coordinates. */
  readonly x: number;
  readonly y: number;
}

/** Before the names, one for each time round them. */
const ADJECTIVES = ['', 'White ', 'Hidden ', 'Nine ', 'Far '];

const KIND_WORDS = { peak: 'Peak', lake: 'Lake', 'old town': 'Old Town', valley: 'Gorge' } as const;

/** About thirty sights: high ground, lakes, old towns and steep valleys, at least 9 km apart. */
export function placeSights(country: Country): Sight[] {
  const { waters, inside, towns } = country;
  const { slope } = waters;
  const random = randomStream(country.seed + 290);
  const found: { kind: Sight['kind']; worth: number; x: number; y: number }[] = [];
  for (let attempt = 0; attempt < 6000; attempt++) {
    const x = Math.floor(N * random());
    const y = Math.floor(N * random());
    const i = y * N + x;
    if (!inside[i]) continue;
    const above = waters.aboveRiver[i];
    if (above > 150) found.push({ kind: 'peak', worth: above / 500 + waters.surface[i] / 1200, x, y });
    else if (waters.lakeMargin[i] > -2 && waters.lakeMargin[i] < 0)
      found.push({ kind: 'lake', worth: 0.5 + 0.8 * random(), x, y });
    else if (slope[i] > 14 && above < 40)
      found.push({ kind: 'valley', worth: 0.3 + slope[i] / 45 + 0.3 * random(), x, y });
  }
  for (const town of towns)
    found.push({ kind: 'old town', worth: 0.45 + town.people + 0.5 * random(), x: town.x, y: town.y });
  found.sort((a, b) => b.worth - a.worth);
  const chosen: typeof found = [];
  const room = { peak: 10, lake: 7, 'old town': 8, valley: 7 };
  for (const sight of found) {
    if (room[sight.kind] === 0 || chosen.some((other) => distance(other, sight) < 18)) continue;
    room[sight.kind]--;
    chosen.push(sight);
  }
  const { names } = country.preset;
  return chosen.map(({ kind, worth, x, y }, k) => {
    const adjective = ADJECTIVES[Math.floor(k / names.length)];
    return {
      name: `${adjective}${names[(k * 5 + 3) % names.length]} ${KIND_WORDS[kind]}`,
      kind,
      weight: Math.max(1, Math.min(10, Math.round(4 * worth))),
      x: x + 0.5,
      y: y + 0.5,
    };
  });
}

/** Those inside the study area of a painted grid, with the cell they lie in and their place in cells. */
export function sightsOn(country: Country, { size, step, inside }: Ground) {
  return placeSights(country)
    .map((sight) => ({ ...sight, x: sight.x / step, y: sight.y / step }))
    .map((sight) => ({ ...sight, column: Math.floor(sight.x), row: Math.floor(sight.y) }))
    .filter(({ column, row }) => inside[row * size + column] === 1);
}
