/** A list of indices that grows by doubling: queues and lists of cells whose number is not known before. */
export class IndexList {
  items: Uint32Array;
  size = 0;

  constructor(capacity = 1024) {
    this.items = new Uint32Array(capacity);
  }

  push(index: number): void {
    if (this.size === this.items.length) {
      const wider = new Uint32Array(2 * this.size);
      wider.set(this.items);
      this.items = wider;
    }
    this.items[this.size++] = index;
  }

  /** What it holds, in an array of its own. */
  take(): Uint32Array<ArrayBuffer> {
    return this.items.slice(0, this.size) as Uint32Array<ArrayBuffer>;
  }
}
