/** Units and quantities: "350 m3/yr", "7 tCO2/yr", "people/km2", "MJ mm/(ha h yr)". Parsed, compared by dimension, converted. */
import { EcofluxError } from './errors.ts';

/** Exponents of the base units: metre, tonne, year, person, tonne of carbon, currency, joule, kelvin. */
type Dimension = 'length' | 'mass' | 'time' | 'people' | 'carbon' | 'money' | 'energy' | 'temperature';
type Dimensions = Readonly<Partial<Record<Dimension, number>>>;

export interface Unit {
  readonly text: string;
  /** Base units in one of this. */
  readonly factor: number;
  readonly dimensions: Dimensions;
}

export interface Quantity {
  readonly value: number;
  readonly unit: Unit;
}

const HOURS_PER_YEAR = 8766; // 365.25 days

const UNITS: Readonly<Record<string, readonly [factor: number, dimensions: Dimensions]>> = {
  1: [1, {}],
  '%': [0.01, {}],
  m: [1, { length: 1 }],
  mm: [1e-3, { length: 1 }],
  cm: [1e-2, { length: 1 }],
  dm: [0.1, { length: 1 }],
  km: [1e3, { length: 1 }],
  ft: [0.3048, { length: 1 }],
  ha: [1e4, { length: 2 }],
  l: [1e-3, { length: 3 }],
  L: [1e-3, { length: 3 }],
  t: [1, { mass: 1 }],
  kg: [1e-3, { mass: 1 }],
  g: [1e-6, { mass: 1 }],
  mg: [1e-9, { mass: 1 }],
  Mt: [1e6, { mass: 1 }],
  yr: [1, { time: 1 }],
  year: [1, { time: 1 }],
  a: [1, { time: 1 }],
  month: [1 / 12, { time: 1 }],
  day: [24 / HOURS_PER_YEAR, { time: 1 }],
  d: [24 / HOURS_PER_YEAR, { time: 1 }],
  h: [1 / HOURS_PER_YEAR, { time: 1 }],
  s: [1 / (3600 * HOURS_PER_YEAR), { time: 1 }],
  people: [1, { people: 1 }],
  persons: [1, { people: 1 }],
  person: [1, { people: 1 }],
  tC: [1, { carbon: 1 }],
  kgC: [1e-3, { carbon: 1 }],
  gC: [1e-6, { carbon: 1 }],
  MtC: [1e6, { carbon: 1 }],
  tCO2: [12 / 44, { carbon: 1 }], // interface.md: tCO2 = 44/12 tC
  kgCO2: [12e-3 / 44, { carbon: 1 }],
  MtCO2: [12e6 / 44, { carbon: 1 }],
  CNY: [1, { money: 1 }],
  currency: [1, { money: 1 }],
  J: [1, { energy: 1 }],
  MJ: [1e6, { energy: 1 }],
  GJ: [1e9, { energy: 1 }],
  degC: [1, { temperature: 1 }],
};

/** @throws EcofluxError InvalidConfiguration naming the part that is no unit */
export function parseUnit(text: string): Unit {
  const parser = new UnitParser(text);
  const unit = parser.product();
  parser.end();
  return { text, ...unit };
}

/** "350 m3/yr", "5km", "0.5", 7 */
export function parseQuantity(text: string | number): Quantity {
  if (typeof text === 'number') return { value: text, unit: parseUnit('1') };
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/.exec(text);
  if (!match || !Number.isFinite(Number(match[1])))
    throw new EcofluxError('InvalidConfiguration', `'${text}' is not a number with a unit`, {
      expected: "something like '350 m3/yr'",
    });
  return { value: Number(match[1]), unit: parseUnit(match[2].trim() || '1') };
}

export function sameDimensions(a: Unit, b: Unit): boolean {
  const names = new Set([...Object.keys(a.dimensions), ...Object.keys(b.dimensions)]) as Set<Dimension>;
  return [...names].every((name) => (a.dimensions[name] ?? 0) === (b.dimensions[name] ?? 0));
}

/** Whether it counts things, so that the cells of a raster add up: people, tC, m3/yr; not mm/yr, people/km2 or a number without a unit. */
export function isAmount({ dimensions }: Unit): boolean {
  const { time: _, length = 0, ...rest } = dimensions;
  const powers = Object.values(rest);
  if (length < 0 || powers.some((power) => power < 0)) return false;
  return length >= 2 || (powers.some((power) => power > 0) && rest.temperature === undefined);
}

/** What a value in `from` is multiplied with to be in `to`. @throws EcofluxError InvalidConfiguration where they measure different things */
export function conversion(from: Unit, to: Unit): number {
  if (sameDimensions(from, to)) return from.factor / to.factor;
  throw new EcofluxError(
    'InvalidConfiguration',
    `'${from.text}' cannot be converted to '${to.text}': they measure different things`,
  );
}

export function multiply(a: Unit, b: Unit): Unit {
  return {
    text: `${a.text} ${b.text}`,
    factor: a.factor * b.factor,
    dimensions: combine(a.dimensions, b.dimensions, 1),
  };
}

export function divide(a: Unit, b: Unit): Unit {
  return {
    text: `${a.text}/(${b.text})`,
    factor: a.factor / b.factor,
    dimensions: combine(a.dimensions, b.dimensions, -1),
  };
}

function combine(a: Dimensions, b: Dimensions, sign: 1 | -1): Dimensions {
  const out: Partial<Record<Dimension, number>> = { ...a };
  for (const [name, power] of Object.entries(b) as [Dimension, number][]) out[name] = (out[name] ?? 0) + sign * power;
  return out;
}

type Parsed = Omit<Unit, 'text'>;

/** product := factor ((' ' | '·' | '*' | '/') factor)* ; factor := (name | '10' | '(' product ')') exponent? */
class UnitParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  product(): Parsed {
    let result = this.#factor();
    for (;;) {
      const operator = /^\s*([*·/])\s*|^\s+(?=[^\s)])/.exec(this.#rest());
      if (!operator) return result;
      this.#at += operator[0].length;
      const next = this.#factor();
      const sign = operator[1] === '/' ? -1 : 1;
      result = {
        factor: result.factor * next.factor ** sign,
        dimensions: combine(result.dimensions, next.dimensions, sign),
      };
    }
  }

  end(): void {
    if (this.#rest().trim() !== '') this.#fail(this.#rest().trim());
  }

  #factor(): Parsed {
    let base: Parsed;
    if (this.#rest().startsWith('(')) {
      this.#at++;
      base = this.product();
      if (!this.#rest().startsWith(')')) this.#fail('a missing )');
      this.#at++;
    } else {
      const token = /^(10(?=\^)|1(?!\d)|%|[A-Za-z]*CO2|[A-Za-z]+)/.exec(this.#rest())?.[0];
      if (token === undefined) this.#fail(this.#rest() || 'nothing');
      this.#at += token!.length;
      const known =
        token === '10' ? ([10, {}] as const) : Object.hasOwn(UNITS, token!) ? UNITS[token!] : this.#fail(token!);
      base = { factor: known[0], dimensions: known[1] };
    }
    const exponent = /^\^?(-?\d+)|^([²³])/.exec(this.#rest());
    if (!exponent) return base;
    this.#at += exponent[0].length;
    const power = exponent[2] ? (exponent[2] === '²' ? 2 : 3) : Number(exponent[1]);
    const dimensions = Object.fromEntries(
      Object.entries(base.dimensions).map(([name, value]) => [name, value! * power]),
    );
    return { factor: base.factor ** power, dimensions };
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #fail(found: string): never {
    throw new EcofluxError('InvalidConfiguration', `'${this.#text}' is not a unit ecoflux knows`, {
      found: `'${found}'`,
      fix: 'write it with m, mm, km, ha, t, kg, yr, day, people, tC, tCO2, CNY, MJ, degC, %; powers as m3 or km2',
    });
  }
}
