/** The files of a project's layers: rasters as their files describe them, and points, which become rasters once the grid is known. */
import { withoutSecrets } from '../core/errors.ts';
import type { Grid } from '../core/grid.ts';
import type { VectorLayer } from '../io/vector/layer.ts';
import { describeFile, type LayerFile, layerOptions } from './layers.ts';
import { nearest } from './nearest.ts';
import type { Platform } from './platform.ts';
import { countOnGrid, readPointFile } from './point-layers.ts';
import type { Problems } from './problems.ts';
import { inProject } from './project-checks.ts';
import { fault } from './project-fault.ts';
import type { ProjectFile } from './project-file.ts';

/** By layer and year. */
export interface OpenedLayers {
  readonly files: Map<string, LayerFile>;
  readonly points: Map<string, PointFile>;
}

type PointFile = Omit<LayerFile, 'info'> & { readonly vector: VectorLayer };

/** Every layer of the project, opened. Layers that services want and the project lacks are among the problems, as is what cannot be opened. */
export async function openLayers(
  file: ProjectFile,
  platform: Platform,
  wanted: readonly { readonly layer: string }[],
  problems: Problems,
  reading: { readonly warn: (line: string) => void; readonly signal?: AbortSignal },
): Promise<OpenedLayers> {
  const { project } = file;
  const files = new Map<string, LayerFile>();
  const points = new Map<string, PointFile>();
  for (const { layer } of wanted) {
    if (layer in project.layers) continue;
    const close = nearest(layer, Object.keys(project.layers));
    problems.add(
      fault(file, ['layers'], `layer '${layer}' is missing`, {
        found: Object.keys(project.layers).join(', '),
        fix: close
          ? `rename '${close}', or point the service at it: inputs: { ${layer}: ${close} }`
          : `add ${layer}: path/of/it.tif`,
      }),
    );
  }
  const described = new Map<string, Promise<LayerFile['info'] | VectorLayer | undefined>>();
  for (const [layer, value] of Object.entries(project.layers)) {
    const { file: pattern, crs } = layerOptions(value);
    const describe = async (path: string) =>
      (await readPointFile(platform, path, { crs, ...reading })) ?? describeFile(platform, path, crs);
    for (const year of project.years) {
      const shown = pattern.replaceAll('{year}', String(year));
      const path = platform.relativeTo(file.name, shown);
      if (!described.has(path))
        described.set(
          path,
          problems.wait(() => inProject(file, ['layers', layer], () => describe(path))),
        );
      const info = await described.get(path);
      if (!info) continue;
      const key = `${layer} ${year}`;
      const named = { layer, path, shown: withoutSecrets(shown), year: pattern.includes('{year}') ? year : undefined };
      if ('features' in info) points.set(key, { ...named, vector: info });
      else files.set(key, { ...named, info });
    }
  }
  return { files, points };
}

/** All layers and years as rasters: points counted on the grid, once for all years that share a file. */
export async function withPoints(
  file: ProjectFile,
  { files, points }: OpenedLayers,
  grid: Grid,
  problems: Problems,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, LayerFile>> {
  const all = new Map(files);
  const counted = new Map<string, Promise<LayerFile | undefined>>();
  for (const [key, { vector, ...named }] of points) {
    const { layer, path } = named;
    const id = `${layer} ${path}`;
    const count = () => countOnGrid(named, vector, grid, layerOptions(file.project.layers[layer]), signal);
    if (!counted.has(id))
      counted.set(
        id,
        problems.wait(() => inProject(file, ['layers', layer], count)),
      );
    const raster = await counted.get(id);
    if (raster) all.set(key, raster);
  }
  return all;
}
