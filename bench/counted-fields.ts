/** How much a global operator moves: passes over memory are bytes read and written for each cell. */
import type { SolveRequest } from '#ecoflux/solvers/solver.js';

/** The request, and how many bytes went through its fields. */
export function counting<R extends SolveRequest>(request: R): { readonly request: R; readonly bytes: () => number } {
  let bytes = 0;
  const inputs = Object.entries(request.inputs).map(([name, { type, read }]) => {
    const counted: typeof read = async (window) => {
      const plane = await read(window);
      bytes += plane.byteLength;
      return plane;
    };
    return [name, { type, read: counted }];
  });
  const outputs = Object.entries(request.outputs).map(([name, { type, write }]) => {
    const counted: typeof write = (tile, plane) => {
      bytes += plane.byteLength;
      return write(tile, plane);
    };
    return [name, { type, write: counted }];
  });
  const fields = { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
  return { request: { ...request, ...fields }, bytes: () => bytes };
}
