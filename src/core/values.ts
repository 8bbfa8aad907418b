/** Numbers by name: parameters, records of reductions, what an operator counts, rows of class tables. */

export type Values = Readonly<Record<string, number>>;

/** Cells of a class table: one value per column for a code; undefined where the table has no row for it. */
export type ClassRow = Values;
export type ClassRows = ReadonlyMap<number, ClassRow>;
