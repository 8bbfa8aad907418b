/** SQLite (sql.js, WebAssembly), loaded when a database is opened first. */
import type { Database } from 'sql.js';

export type SqlValue = string | number | bigint | Uint8Array | null;

/** sql.js as it is: its published types know neither 64-bit integers nor how to ask for them. */
interface IntegerStatement {
  step(): boolean;
  get(parameters: null, options: { useBigInt: true }): SqlValue[];
  getColumnNames(): string[];
  free(): boolean;
}

let loading: Promise<new (bytes?: Uint8Array) => Database> | undefined;

/** A database in memory: an empty one, or the one whose file is given. */
export async function openDatabase(bytes?: Uint8Array): Promise<Database> {
  loading ??= load();
  const Database = await loading;
  return new Database(bytes);
}

async function load() {
  const { default: initSqlJs } = await import('sql.js');
  // In Node the package finds its module beside itself; a bundler follows this address and ships the file with the page.
  const inBrowser = 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
  const address = () => new URL('sql.js/dist/sql-wasm-browser.wasm', import.meta.url).href;
  return (await initSqlJs(inBrowser ? { locateFile: address } : {})).Database;
}

/** Every row of a query, integers as bigint. */
export function* rowsOf(database: Database, query: string): Generator<SqlValue[]> {
  const statement = database.prepare(query) as unknown as IntegerStatement;
  try {
    while (statement.step()) yield statement.get(null, { useBigInt: true });
  } finally {
    statement.free();
  }
}

/** A name as SQL takes any text for one. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
