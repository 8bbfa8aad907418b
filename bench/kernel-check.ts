/** The kernels of a case against their float64 references, on a corner of the same data, before any of them is timed. */
import { allocatePlane, nodataOf, type Plane } from '#ecoflux/core/cells.js';
import { comparePlanes } from '#ecoflux/core/compare.js';
import { EcofluxError } from '#ecoflux/core/errors.js';
import { toleranceOf } from '#ecoflux/core/model.js';
import type { ShaderTable } from '#ecoflux/core/shader-table.js';
import { inlinePool } from '#ecoflux/core/tasks.js';
import type { ClassRows } from '#ecoflux/core/values.js';
import { cpuExecutor } from '#ecoflux/engine/cpu-executor.js';
import type { Executor, ResolvedNode, VisitRequest } from '#ecoflux/engine/executor.js';
import { engineTasks } from '#ecoflux/engine/stage-task.js';
import { SHADERS } from '#ecoflux/generated/shaders.js';
import { modelOf } from '#ecoflux/models/registry.js';
import type { Fields, KernelCase } from './kernel-cases.ts';

const EDGE = 512;

/** @throws EcofluxError VerificationFailed */
export async function checkCase(
  device: Executor,
  kernelCase: KernelCase,
  fields: Fields,
  tables: ReadonlyMap<string, ClassRows>,
): Promise<void> {
  const request = requestOf(kernelCase, fields, tables);
  const here = await device.visit(request);
  const reference = await cpuExecutor(inlinePool(engineTasks)).visit(request);
  const failed = (what: string, found: string) =>
    new EcofluxError('VerificationFailed', `${kernelCase.name}: ${what} differs from the reference`, { found });
  for (const node of request.nodes) {
    for (const [plane, field] of Object.entries(node.writes)) {
      const comparison = comparePlanes(
        here.host.get(field)!,
        reference.host.get(field)!,
        toleranceOf(modelOf(node.model).model, plane),
      );
      if (!comparison.passed || comparison.cells === 0)
        throw failed(plane, `${comparison.off} cells, by ${comparison.maxAbsolute} at most`);
    }
  }
  for (const [record, values] of reference.partials) {
    const found = JSON.stringify(here.partials.get(record));
    if (found !== JSON.stringify(values)) throw failed(record, `${found} instead of ${JSON.stringify(values)}`);
  }
}

function requestOf(
  { name, halo, steps }: KernelCase,
  fields: Fields,
  tables: ReadonlyMap<string, ClassRows>,
): VisitRequest {
  const nodes = steps.map(({ shader, entry, bind = {}, params = {} }, i): ResolvedNode => {
    const reads: Record<string, string> = {};
    const writes: Record<string, string> = {};
    const used: Record<string, string> = {};
    let record: string | undefined;
    for (const binding of (SHADERS as ShaderTable)[shader].entries[entry].bindings) {
      if (binding.table) used[binding.name] = binding.name;
      else if (binding.record) record = `${shader}/${entry}`;
      else if (binding.access === 'read') reads[binding.name] = bind[binding.name] ?? binding.name;
      else for (const plane of binding.planes ?? [binding.name]) writes[plane] = bind[plane] ?? plane;
    }
    return { name: `${i}`, model: shader, shader, entry, reads, writes, tables: used, params, record };
  });
  const made = nodes.flatMap(({ writes }) => Object.values(writes));
  const inputs = new Map(
    nodes.flatMap(({ reads }) =>
      Object.values(reads)
        .filter((field) => !made.includes(field))
        .map((field) => [field, { host: corner(fields.get(field)!, halo) }]),
    ),
  );
  const pitch = EDGE + 2 * halo;
  const tile = {
    width: EDGE,
    height: EDGE,
    pitch,
    halo,
    x: 0,
    y: 0,
    gridWidth: EDGE,
    gridHeight: EDGE,
    cellWidth: 250,
    cellHeight: 250,
  };
  const types = new Map(
    [...made, ...inputs.keys()].map((field) => [
      field,
      fields.get(field) instanceof Uint32Array ? ('u32' as const) : ('f32' as const),
    ]),
  );
  return { label: `check of ${name}`, nodes, tables, tile, inputs, types, toHost: made, toStay: [] };
}

/** EDGE² cells from the middle of a square plane, with a border of nodata. */
function corner(plane: Plane, halo: number): Plane {
  const edge = Math.sqrt(plane.length);
  const type = plane instanceof Float32Array ? 'f32' : 'u32';
  const pitch = EDGE + 2 * halo;
  const out = allocatePlane(type, pitch * pitch).fill(nodataOf(type));
  const start = (edge - EDGE) / 2;
  for (let y = 0; y < EDGE; y++) {
    const from = (start + y) * edge + start;
    out.set(plane.subarray(from, from + EDGE), (y + halo) * pitch + halo);
  }
  return out;
}
