/** A file for what memory cannot hold; Spool of src/io satisfies it. */
export interface Scratch {
  append(bytes: Uint8Array): Promise<number>;
  /** Over what was appended there; without it the file only grows. */
  write?(offset: number, bytes: Uint8Array): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  dispose(): Promise<void>;
}
