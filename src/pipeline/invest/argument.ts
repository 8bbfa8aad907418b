/** The arguments of an InVEST model as its argument files name them, and what is known once they have been checked. */
import type { EcofluxError } from '../../core/errors.ts';

export type ArgumentKind = 'raster' | 'classes' | 'vector' | 'table' | 'number' | 'boolean' | 'choice';

export interface Argument {
  readonly kind: ArgumentKind;
  readonly about: string;
  /** Of numbers: what is accepted, in words and as a test. */
  readonly accepts?: { readonly words: string; readonly test: (value: number) => boolean };
  /** Of choices: the texts that are accepted, in small letters. */
  readonly choices?: readonly string[];
  /** Of vectors: the field that tells one polygon from another, where they need one. */
  readonly id?: string;
  /** May be left out. */
  readonly optional?: boolean;
  /** The boolean argument that makes it required; without that it is not looked at. */
  readonly when?: string;
  /** Its name in older versions of InVEST, which some argument files still have. */
  readonly formerly?: string;
  /** What asking for it would mean, where that is not in this version. */
  readonly refused?: string;
}

export type Arguments = Readonly<Record<string, Argument>>;

/** A JSON object: what an argument file holds. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** What the arguments say; of each kind those that were given and apply. */
export interface CheckedArguments {
  /** The argument file, as the user named it. */
  readonly file: string;
  /** Of rasters, vectors and tables, ready to be opened. */
  readonly paths: Readonly<Record<string, string>>;
  /** Where those paths stand that no argument names itself. */
  readonly origins?: Readonly<Record<string, string>>;
  /** Of choices: which of them, from 0. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly booleans: Readonly<Record<string, boolean>>;
  /** "" or "_" and what the user wants behind the name of every file. */
  readonly suffix: string;
  /** `workspace_dir`, ready to be used. */
  readonly workspace?: string;
  /** Lines for the log: what is not looked at. */
  readonly notes: readonly string[];
}

/** What the arguments say as far as they could be understood, and everything that is wrong with them. */
export interface ArgumentCheck {
  readonly checked: CheckedArguments;
  readonly problems: readonly EcofluxError[];
}
