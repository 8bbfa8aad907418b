/** Numbers, units and durations as people read them: 12 345.6, −3.1 %, 5.21 billion m³/yr. */

const NARROW = '\u202f';
const HARD = '\u00a0';
const MINUS = '\u2212';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `digits` significant digits, all digits of the whole part, thousands set apart; powers of ten for the very small and large. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e15) return scientific(value, Math.min(digits, 3));
  return signed(value, grouped(trimZeros(size.toFixed(decimalsFor(size, digits)))));
}

/** With exactly `digits` significant digits, zeros kept: values side by side stay comparable. */
export function formatSignificant(value: number, digits = 3): string {
  if (!Number.isFinite(value) || value === 0 || Math.abs(value) < 1e-3 || Math.abs(value) >= 1e15) {
    return formatNumber(value, digits);
  }
  return formatFixed(value, decimalsFor(value, digits));
}

/** Decimals that show `digits` significant digits of a value. */
export function decimalsFor(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const rounded = Number(Math.abs(value).toPrecision(digits));
  return Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(rounded))));
}

/** How many times: 0.67, 2.4, 14. */
export function formatTimes(ratio: number): string {
  return ratio < 9.95 ? formatSignificant(ratio, 2) : formatFixed(ratio, 0);
}

/** With exactly this many decimals, for columns that line up. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  return signed(Number(text) === 0 ? 0 : value, grouped(text));
}

/** The same with a plus sign for what is above zero. */
export function signedFixed(value: number, decimals: number): string {
  const text = formatFixed(value, decimals);
  return value > 0 && text !== (0).toFixed(decimals) ? `+${text}` : text;
}

/** Mantissa and power of ten: 2.4×10⁻⁷. */
export function scientific(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(Math.max(0, digits - 1))
    .split('e');
  return signed(value, `${mantissa}×10${superscript(Number(exponent))}`);
}

/** A share 0..1 as percent, with one decimal below ten percent or with as many as asked for. */
export function formatShare(share: number, decimals?: number): string {
  if (!Number.isFinite(share)) return '–';
  const percent = 100 * share;
  const size = Math.abs(percent);
  if (size > 0 && size < 0.05) return `<${NARROW}0.1${HARD}%`;
  return `${formatFixed(percent, decimals ?? (size < 9.95 ? 1 : 0))}${HARD}%`;
}

/** A change with its sign: +3.1 %, −12 %, ±0 %. */
export function formatChange(change: number): string {
  if (!Number.isFinite(change)) return '–';
  const percent = 100 * change;
  const size = Math.abs(percent);
  if (size < 0.05) return `±0${HARD}%`;
  return `${percent > 0 ? '+' : MINUS}${formatFixed(size, size < 9.95 ? 1 : 0)}${HARD}%`;
}

/** (after − before) / |before|; NaN where there is nothing to compare with. */
export function relativeChange(before: number | undefined, after: number | undefined): number {
  if (before === undefined || after === undefined || before === 0) return Number.NaN;
  return (after - before) / Math.abs(before);
}

export interface Magnitude {
  readonly factor: number;
  readonly word: string;
}

const MAGNITUDES: readonly Magnitude[] = [
  { factor: 1e12, word: 'trillion' },
  { factor: 1e9, word: 'billion' },
  { factor: 1e6, word: 'million' },
  { factor: 1e4, word: 'thousand' },
];

/** The word that makes the largest of some values short: thousand (from 10 000), million, billion, trillion, or none. */
export function magnitudeOf(values: readonly number[]): Magnitude {
  const largest = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  const found = MAGNITUDES.find(({ factor }) => largest >= factor);
  if (!found) return { factor: 1, word: '' };
  return found.word === 'thousand' ? { factor: 1e3, word: 'thousand' } : found;
}

/** A value with its magnitude and unit: 5.21 billion m³/yr. */
export function formatAmount(value: number, unit: string, digits = 3): string {
  const { factor, word } = magnitudeOf([value]);
  return [formatSignificant(value / factor, digits), word, prettyUnit(unit)].filter(Boolean).join(HARD);
}

/** Two values of one unit: 5.21 against 1.68 billion m³/yr. */
export function formatAgainst(first: number, second: number, unit: string): string {
  const { factor, word } = magnitudeOf([first, second]);
  const tail = [word, prettyUnit(unit)].filter(Boolean).join(HARD);
  return [
    `${formatSignificant(first / factor)} against`,
    formatSignificant(second / factor) + (tail && HARD + tail),
  ].join(' ');
}

/** m3/cell/yr → m³/cell/yr, km^2 → km², kgC → kg C, degC → °C; '1' is no unit. */
export function prettyUnit(unit: string): string {
  const trimmed = unit.trim();
  if (trimmed === '1' || trimmed === '') return '';
  return trimmed
    .replace(/\b([kMG]?[tg])C(O2)?\b/g, (_, mass, oxide) => `${mass}${HARD}C${oxide ? 'O₂' : ''}`)
    .replace(/\b(m|km|cm|mm|ha|yr|cell|kg|t|s)\^?(-?[0-9])\b/g, (_, base, power) => base + superscript(Number(power)))
    .replace(/\bdegC\b/g, '°C');
}

/** A value as the user wrote it, with the unit as people read it: 3 degC → 3 °C, 7 tCO2/yr → 7 t CO₂/yr; other texts as they are. */
export function prettyQuantity(text: string): string {
  const [, number, unit] = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\s+(\S.*)$/i.exec(text) ?? [];
  return unit === undefined ? text : `${number}${HARD}${prettyUnit(unit)}`;
}

/** Unit of the cells of an amount that is counted per cell, which its unit may leave unsaid: m3/yr → m3/cell/yr. */
export function cellUnit(unit: string): string {
  if (!addsUp(unit) || /cell/.test(unit)) return unit;
  return unit.endsWith('/yr') ? unit.replace(/\/yr$/, '/cell/yr') : `${unit}/cell`;
}

/** For legends, where there is room: m3/cell/yr → m³ per cell and year. */
export function unitInWords(unit: string): string {
  return prettyUnit(unit)
    .replace(/\/cell\/yr$/, ' per cell and year')
    .replace(/\/yr\/cell$/, ' per cell and year')
    .replace(/\/cell$/, ' per cell')
    .replace(/\/yr$/, ' per year');
}

/** Unit of the sum over cells: what stands per cell loses that. */
export function totalUnit(unit: string): string {
  return unit.replace(/\s*(\/\s*cell|per\s+cell|[·*]?\s*cell(\^?-1|⁻¹))/g, '').trim() || '1';
}

/** Whether adding up cells means anything: not for indices, shares and things per area. */
export function addsUp(unit: string): boolean {
  return (
    prettyUnit(unit) !== '' &&
    !/(\/\s*(ha|km2|km²|m2|m²)|\bper\s+(ha|km)|\bmm\b|°C|degC|%|\bindex\b|-1\b)/.test(totalUnit(unit))
  );
}

/** A length in km from 1000 m on. */
export function formatLength(metres: number): string {
  return metres >= 1000 ? `${formatNumber(metres / 1000)}${HARD}km` : `${formatNumber(metres)}${HARD}m`;
}

export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0.9995) return `${formatNumber(seconds * 1000, 3)}${HARD}ms`;
  if (seconds < 120) return `${formatNumber(seconds, 3)}${HARD}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}${HARD}min ${whole % 60}${HARD}s`;
}

/** "a, b and c". */
export function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** biodiversity_conservation → Biodiversity conservation. */
export function humanise(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first letter small, as inside a sentence, unless it begins an abbreviation or is all there is. */
export function inSentence(name: string): string {
  return /^\p{Lu}[^\p{Lu}]/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

function signed(value: number, text: string): string {
  return value < 0 ? MINUS + text : text;
}

function grouped(text: string): string {
  const [whole, fraction] = text.split('.');
  const apart = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, NARROW) : whole;
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function superscript(power: number): string {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return power < 0 ? `⁻${digits}` : digits;
}
