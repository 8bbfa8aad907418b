/** What a thread keeps from one block to the next, which is mostly of the same kernel: one thing, let go of after a while without a block. */

const KEEP_MS = 2000;

let kept: { readonly key: string; readonly value: unknown } | undefined;
let letGo: ReturnType<typeof setTimeout> | undefined;

export function keptFor<T>(key: string, make: () => T): T {
  if (kept?.key !== key) {
    kept = undefined; // before there is another one
    kept = { key, value: make() };
  }
  clearTimeout(letGo);
  letGo = setTimeout(() => {
    kept = undefined;
  }, KEEP_MS);
  (letGo as { unref?: () => void }).unref?.(); // Node only: it must not keep a process alive
  return kept.value as T;
}
