/** What is wrong with a file that is to be imported, and in which line, from 1. */
export class ImportError extends Error {
  constructor(reason: string, line: number) {
    super(`line ${line}: ${reason}`);
  }
}
