/**
 * Predictor 3 for f32, four cells at a time: a row's bytes lie in four planes, the highest bytes first, as one chain of differences. Words
 * of four bytes of a plane are turned into words of one cell (a 4 × 4 transposition), whose four bytes are then summed or subtracted at once.
 * For little-endian machines and rows of a multiple of four cells. A byte at a time takes two to three times as long (bench codec).
 */

/** One row: `across` cells' worth of differences at planes[from ...] become f32, by their bits, at cells[to ...]. */
export function undoFloat32Row(planes: Int32Array, from: number, across: number, cells: Int32Array, to: number): void {
  const step = across >> 2;
  const second = from + step;
  const third = second + step;
  const fourth = third + step;
  const a = sumBytes(planes, from, second);
  const b = a + sumBytes(planes, second, third);
  const c = b + sumBytes(planes, third, fourth);
  // What each plane starts with: the end of the one before it.
  let cell = ((a & 255) << 16) | ((b & 255) << 8) | (c & 255);
  let next = to;
  for (let i = 0; i < step; i++) {
    const high = planes[from + i];
    const upper = planes[second + i];
    const lower = planes[third + i];
    const low = planes[fourth + i];
    // Pairs of cells: bytes of two planes side by side.
    const lows = (low & 0x00ff00ff) | ((lower & 0x00ff00ff) << 8);
    const lowsNext = ((low >>> 8) & 0x00ff00ff) | (lower & 0xff00ff00);
    const highs = (upper & 0x00ff00ff) | ((high & 0x00ff00ff) << 8);
    const highsNext = ((upper >>> 8) & 0x00ff00ff) | (high & 0xff00ff00);
    cell = addBytes(cell, (lows & 0xffff) | (highs << 16));
    cells[next] = cell;
    cell = addBytes(cell, (lowsNext & 0xffff) | (highsNext << 16));
    cells[next + 1] = cell;
    cell = addBytes(cell, (lows >>> 16) | (highs & 0xffff0000));
    cells[next + 2] = cell;
    cell = addBytes(cell, (lowsNext >>> 16) | (highsNext & 0xffff0000));
    cells[next + 3] = cell;
    next += 4;
  }
}

/** A block of rows of cells becomes one of planes, in place. */
export function applyFloat32Planes(cells: Int32Array, rows: number, across: number): void {
  const line = new Int32Array(across);
  for (let row = 0; row < rows; row++) {
    line.set(cells.subarray(row * across, (row + 1) * across));
    applyFloat32Row(line, across, cells, row * across);
  }
}

/** The reverse of `undoFloat32Row`: the first `across` cells become planes of differences at planes[to ...]. */
function applyFloat32Row(cells: Int32Array, across: number, planes: Int32Array, to: number): void {
  const step = across >> 2;
  const second = to + step;
  const third = second + step;
  const fourth = third + step;
  // Where a plane begins, the difference is to the end of the plane before it.
  let before = cells[across - 1] >>> 8;
  let next = 0;
  for (let i = 0; i < step; i++) {
    const w0 = cells[next];
    const w1 = cells[next + 1];
    const w2 = cells[next + 2];
    const w3 = cells[next + 3];
    const d0 = subtractBytes(w0, before);
    const d1 = subtractBytes(w1, w0);
    const d2 = subtractBytes(w2, w1);
    const d3 = subtractBytes(w3, w2);
    before = w3;
    next += 4;
    const evens = (d0 & 0x00ff00ff) | ((d1 & 0x00ff00ff) << 8);
    const odds = ((d0 >>> 8) & 0x00ff00ff) | (d1 & 0xff00ff00);
    const evensNext = (d2 & 0x00ff00ff) | ((d3 & 0x00ff00ff) << 8);
    const oddsNext = ((d2 >>> 8) & 0x00ff00ff) | (d3 & 0xff00ff00);
    planes[to + i] = (odds >>> 16) | (oddsNext & 0xffff0000);
    planes[second + i] = (evens >>> 16) | (evensNext & 0xffff0000);
    planes[third + i] = (odds & 0xffff) | (oddsNext << 16);
    planes[fourth + i] = (evens & 0xffff) | (evensNext << 16);
  }
}

/** The four bytes of two words added, each by itself. */
function addBytes(p: number, q: number): number {
  return ((p & 0x7f7f7f7f) + (q & 0x7f7f7f7f)) ^ ((p ^ q) & 0x80808080);
}

function subtractBytes(p: number, q: number): number {
  return (((p | 0x80808080) - (q & 0x7f7f7f7f)) | 0) ^ ((p ^ ~q) & 0x80808080);
}

/** Sum of the bytes of words[from..to), its lowest 8 bits. */
function sumBytes(words: Int32Array, from: number, to: number): number {
  let lanes = 0;
  for (let i = from; i < to; i++) {
    const word = words[i];
    lanes = (lanes + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) & 0x00ff00ff;
  }
  return (lanes + (lanes >>> 16)) & 255;
}
