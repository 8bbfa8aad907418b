/** From an argument file to checked arguments: for which model it is, what it asks for, and where that is to be written. */
import { EcofluxError } from '../../core/errors.ts';
import type { Platform } from '../platform.ts';
import type { ArgumentCheck } from './argument.ts';
import { checkArguments } from './check-arguments.ts';
import type { InvestModel } from './model.ts';
import { isMeantFor } from './models.ts';
import { type ParameterSet, parseParameterSet } from './parameter-set.ts';

export interface ReadArguments extends ArgumentCheck {
  readonly set: ParameterSet;
  /** Undefined only where that is among the problems. */
  readonly workspace: string | undefined;
}

/**
 * @param given the folder that the user names beside the file
 * @throws EcofluxError InvalidInput for what is no argument file, InvalidConfiguration for one of another model
 */
export async function readArguments(
  invest: InvestModel,
  file: string,
  given: string | undefined,
  platform: Platform,
): Promise<ReadArguments> {
  const set = parseParameterSet(file, await platform.readText(file));
  if (set.model !== undefined && !isMeantFor(invest, set.model))
    throw new EcofluxError('InvalidConfiguration', 'the argument file is for another model', {
      file,
      found: set.model,
      expected: invest.model.id,
      fix: 'give the file of this model, or name the other one',
    });
  const { checked, problems } = checkArguments(file, set.args, invest.arguments, platform);
  const all = [...problems, ...invest.rules(checked)];
  const workspace = given ?? checked.workspace;
  if (workspace === undefined && !problems.some(({ details }) => details.place === 'workspace_dir'))
    all.push(
      new EcofluxError('InvalidConfiguration', 'there is no workspace to write to', {
        file,
        place: 'workspace_dir',
        fix: 'give --workspace DIR, or add "workspace_dir": …',
      }),
    );
  return { set, checked, problems: all, workspace };
}
