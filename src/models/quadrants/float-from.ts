/** The least float32 number that is no smaller than `x`: for float32 numbers, to be as large as that is to be as large as x. */
export function floatFrom(x: number): number {
  const near = Math.fround(x);
  if (near >= x) return near;
  const bits = new Int32Array(new Float32Array([near]).buffer);
  bits[0] += near < 0 ? -1 : 1; // towards plus infinity; near is below x, so never the largest
  return near === 0 ? 2 ** -149 : new Float32Array(bits.buffer)[0];
}
