/** Exact Euclidean distance to the nearest marked cell, in cells, in time linear in the number of cells (lower envelope of parabolas). */

export function distanceToMarked(marked: Uint8Array, size: number): Float32Array {
  const result = new Float32Array(size * size);
  // Down the columns: distance along the column alone.
  const far = 4 * size;
  for (let x = 0; x < size; x++) {
    let last = far;
    for (let y = 0; y < size; y++) {
      last = marked[y * size + x] ? 0 : last + 1;
      result[y * size + x] = last;
    }
    last = far;
    for (let y = size - 1; y >= 0; y--) {
      last = marked[y * size + x] ? 0 : last + 1;
      if (last < result[y * size + x]) result[y * size + x] = last;
    }
  }
  // Along the rows: the smallest of (x − k)² + column distance² over k.
  const squares = new Float64Array(size);
  const vertex = new Int32Array(size);
  const from = new Float64Array(size + 1);
  for (let y = 0; y < size; y++) {
    const row = y * size;
    for (let x = 0; x < size; x++) squares[x] = result[row + x] * result[row + x];
    let top = 0;
    vertex[0] = 0;
    from[0] = Number.NEGATIVE_INFINITY;
    for (let x = 1; x < size; x++) {
      let cross = crossing(squares, vertex[top], x);
      while (cross <= from[top]) cross = crossing(squares, vertex[--top], x);
      vertex[++top] = x;
      from[top] = cross;
    }
    for (let x = size - 1; x >= 0; x--) {
      while (from[top] > x) top--;
      const along = x - vertex[top];
      result[row + x] = Math.sqrt(along * along + squares[vertex[top]]);
    }
  }
  return result;
}

/** Where the parabola over `k` takes over from the one over `j`, j < k. */
function crossing(squares: Float64Array, j: number, k: number): number {
  return (squares[k] + k * k - squares[j] - j * j) / (2 * (k - j));
}
