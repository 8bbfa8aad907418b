/**
 * How a device transforms lines that may be longer than its workgroups hold. A line of A · B points is A lines with B points between theirs, turned,
 * then B neighbours each (Bailey 1990): frequency f then stands at (f mod A) · B + floor(f / A). Back it is the same from the end.
 */

/** Points of one workgroup: POINTS of shaders/solvers/convolve_transform.wgsl. */
export const POINTS = 1024;

/** Parameters of the shader, `backward` aside. */
export interface LinePass {
  readonly length: number;
  readonly stride: number;
  readonly low_lines: number;
  readonly low_stride: number;
  readonly high_stride: number;
  readonly turn: number;
  readonly twist: number;
}

/** Of a plane of `columns` × `rows` points, both powers of two: along x, then along y. */
export function linePasses(
  columns: number,
  rows: number,
): { readonly forward: LinePass[]; readonly backward: LinePass[] } {
  const turn = turnOf(columns, rows);
  const x = axisPasses(columns, 1, columns, turn);
  const y = axisPasses(rows, columns, 1, turn);
  return { forward: [...x.forward, ...y.forward], backward: [...y.backward, ...x.backward] };
}

/** Parts of a full turn that the table holds. */
export function turnOf(columns: number, rows: number): number {
  return Math.max(columns, rows);
}

/** `across`: from one line to the next. */
function axisPasses(length: number, stride: number, across: number, turn: number) {
  const [outer, inner] = factorsOf(length);
  if (outer === 1) {
    const pass = { length, stride, low_lines: 1, low_stride: 0, high_stride: across, turn, twist: 0 };
    return { forward: [pass], backward: [pass] };
  }
  const outerLines = { length: outer, stride: inner * stride, low_lines: inner, low_stride: stride };
  const innerLines = { length: inner, stride, low_lines: outer, low_stride: inner * stride };
  const rest = { high_stride: across, turn };
  const twist = turn / length;
  return {
    forward: [
      { ...outerLines, ...rest, twist },
      { ...innerLines, ...rest, twist: 0 },
    ],
    backward: [
      { ...innerLines, ...rest, twist },
      { ...outerLines, ...rest, twist: 0 },
    ],
  };
}

/** A and B: 1 and the length where a workgroup holds it. */
function factorsOf(length: number): [number, number] {
  if (length <= POINTS) return [1, length];
  const outer = 2 ** Math.floor(Math.log2(length) / 2);
  return [outer, length / outer];
}

/** The frequency at each place of a line after the forward passes. */
export function frequencyAt(length: number): Uint32Array {
  const [outer, inner] = factorsOf(length);
  return Uint32Array.from({ length }, (_, place) => Math.floor(place / inner) + outer * (place % inner));
}
