/** A binary heap of cell numbers by key, smallest first; keys and cells in typed arrays, so that nothing is allocated per cell. */

export interface Heap {
  keys: Float64Array;
  cells: Int32Array;
  length: number;
}

export function makeHeap(capacity: number): Heap {
  return { keys: new Float64Array(capacity), cells: new Int32Array(capacity), length: 0 };
}

export function push(heap: Heap, key: number, cell: number): void {
  if (heap.length === heap.keys.length) widen(heap);
  const { keys, cells } = heap;
  let i = heap.length++;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (keys[parent] <= key) break;
    keys[i] = keys[parent];
    cells[i] = cells[parent];
    i = parent;
  }
  keys[i] = key;
  cells[i] = cell;
}

/** Removes and returns the cell with the smallest key; the heap must hold one. */
export function pop(heap: Heap): number {
  const { keys, cells } = heap;
  const result = cells[0];
  const length = --heap.length;
  const key = keys[length];
  const cell = cells[length];
  let i = 0;
  for (let child = 1; child < length; child = 2 * i + 1) {
    if (child + 1 < length && keys[child + 1] < keys[child]) child++;
    if (keys[child] >= key) break;
    keys[i] = keys[child];
    cells[i] = cells[child];
    i = child;
  }
  keys[i] = key;
  cells[i] = cell;
  return result;
}

function widen(heap: Heap): void {
  const keys = new Float64Array(2 * heap.keys.length + 16);
  const cells = new Int32Array(keys.length);
  keys.set(heap.keys);
  cells.set(heap.cells);
  heap.keys = keys;
  heap.cells = cells;
}
