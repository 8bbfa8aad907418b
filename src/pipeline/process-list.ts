/** Processes that are no models: what `ecoflux processes` says of them. Each has a command of its own in src/cli/commands. */
import { BREAKS } from './breaks/description.ts';
import { BUNDLES } from './bundles/description.ts';
import { HABITAT_QUALITY } from './habitat/description.ts';
import { QUADRANTS } from './quadrants/description.ts';
import { ZONAL } from './zonal/description.ts';
import { COUPLING } from './zone-table/coupling.ts';
import { WEIGHTS } from './zone-table/weights.ts';

/** As much as a model says of itself. */
export interface ProcessDescription {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly equations: readonly string[];
  readonly inputs: Readonly<Record<string, ProcessInput>>;
  readonly params: Readonly<Record<string, ProcessParam>>;
  readonly outputs: Readonly<Record<string, ProcessOutput>>;
  readonly sources: readonly string[];
}

export interface ProcessInput {
  readonly about: string;
  readonly unit: string;
  readonly optional?: boolean;
  readonly invest?: string;
}

export interface ProcessParam {
  readonly about: string;
  readonly unit: string;
  readonly range?: readonly [number, number];
  readonly choices?: readonly string[];
  readonly default?: number | string;
}

export interface ProcessOutput {
  readonly about: string;
  readonly unit: string;
  readonly range?: readonly [number, number];
  readonly intermediate?: boolean;
  /** Drawn around this value with two colours. */
  readonly centre?: number;
}

export const PROCESSES: ReadonlyMap<string, ProcessDescription> = new Map(
  [HABITAT_QUALITY, ZONAL, BUNDLES, BREAKS, WEIGHTS, COUPLING, QUADRANTS].map((each) => [each.id, each]),
);
