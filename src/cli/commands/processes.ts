import type { Command } from 'commander';
import type { Model } from '../../core/model.ts';
import { MODELS, modelOf } from '../../models/registry.ts';
import { PROCESSES, type ProcessDescription } from '../../pipeline/process-list.ts';
import { openConsole } from '../console.ts';
import { report } from '../session.ts';
import { tableOf } from '../summary.ts';

/** Lists the processes, or describes one with units, ranges and equations. */
export function addProcesses(program: Command): void {
  program
    .command('processes')
    .argument('[process]', 'one of them')
    .description('list the processes, or describe one')
    .option('--json', 'as one JSON document')
    .action((name: string | undefined, { json = false }: { json?: boolean }) => {
      const console = openConsole({ progress: 'none', json, quiet: false });
      try {
        const models = [...MODELS.values()].map(({ model }) => model).filter(({ internal }) => !internal);
        const all: readonly ProcessDescription[] = [...models, ...PROCESSES.values()];
        const wanted = name === undefined ? undefined : (PROCESSES.get(name) ?? modelOf(name).model);
        if (wanted) console.result(describe(wanted), wanted);
        else
          console.result(
            tableOf([['process', 'what it computes'], ...all.map(({ id, about }) => [id, about])]),
            all.map(({ id, title, about }) => ({ id, title, about })),
          );
      } catch (error) {
        process.exitCode = report(error, json);
      }
    });
}

function describe(model: ProcessDescription & Pick<Model, 'tables'>): string {
  const range = ([low, high]: readonly [number, number]) => `${low} to ${high}`;
  const rows = (title: string, entries: [string, string, string, string][]) =>
    entries.length === 0 ? [] : ['', title, tableOf([['name', 'unit', 'range', 'meaning'], ...entries])];
  return [
    `${model.id}: ${model.title}`,
    model.about,
    '',
    ...model.equations,
    ...rows(
      'Inputs',
      Object.entries(model.inputs).map(([name, { unit, about, optional, invest }]) => [
        name,
        unit,
        '',
        `${about}${optional ? ' (may be left out)' : ''}${invest ? ` [InVEST: ${invest}]` : ''}`,
      ]),
    ),
    ...Object.entries(model.tables ?? {}).flatMap(([table, { about, columns }]) =>
      rows(
        `Table ${table}: ${about}`,
        Object.entries(columns).map(([name, spec]) => [
          name,
          spec.unit,
          spec.range ? range(spec.range) : ((spec.values ?? spec.choices)?.join(' or ') ?? ''),
          spec.about,
        ]),
      ),
    ),
    ...rows(
      'Parameters',
      Object.entries(model.params).map(([name, { unit, about, range: allowed, choices, default: fallback }]) => [
        name,
        unit,
        choices?.join(' or ') ?? (allowed ? range(allowed) : ''),
        `${about}${fallback === undefined ? '' : `; ${choices?.[Number(fallback)] ?? fallback} when left out`}`,
      ]),
    ),
    ...rows(
      'Outputs',
      Object.entries(model.outputs).map(([name, { unit, about, range: expected, intermediate }]) => [
        name,
        unit,
        expected ? range(expected) : '',
        `${about}${intermediate ? ' (with --intermediates)' : ''}`,
      ]),
    ),
    '',
    `Sources: ${model.sources.join('; ')}`,
  ].join('\n');
}
