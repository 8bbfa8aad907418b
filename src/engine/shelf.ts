/** One place where tiles live, under a budget of bytes: what was used least recently is the first to leave. */

export class Shelf<Key, Item> {
  readonly budget: number;
  /** In order of use: the first is the least recent. */
  readonly #items = new Map<Key, { readonly item: Item; readonly bytes: number }>();
  #bytes = 0;

  constructor(budget: number) {
    this.budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  keys(): Key[] {
    return [...this.#items.keys()];
  }

  get(key: Key): Item | undefined {
    return this.#items.get(key)?.item;
  }

  keep(key: Key, item: Item, bytes: number): void {
    this.remove(key);
    this.#items.set(key, { item, bytes });
    this.#bytes += bytes;
  }

  /** Takes the item away, if it is here. */
  remove(key: Key): Item | undefined {
    const found = this.#items.get(key);
    if (!found) return undefined;
    this.#items.delete(key);
    this.#bytes -= found.bytes;
    return found.item;
  }

  /** Makes it the most recently used. */
  touch(key: Key): void {
    const found = this.#items.get(key);
    if (!found) return;
    this.#items.delete(key);
    this.#items.set(key, found);
  }

  /** Who has to leave for the budget to hold, the least recent first; fewer where not enough may leave. */
  leaving(mayLeave: (key: Key) => boolean = () => true): Key[] {
    const keys: Key[] = [];
    let excess = this.#bytes - this.budget;
    for (const [key, { bytes }] of this.#items) {
      if (excess <= 0) break;
      if (!mayLeave(key)) continue;
      keys.push(key);
      excess -= bytes;
    }
    return keys;
  }
}
