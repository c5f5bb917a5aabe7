import path from 'node:path';

/** Of files whose programs Python runs. */
const ofPython = ['.py', '.pyw', '.ipynb', '.yaml', '.yml'];
/** Of files whose programs are built by tools of their language. */
const built = ['.go', '.java'];

/** Whether the program of a file can be run by us; files of other languages are analysed only. */
export function canLaunch(file: string): boolean {
  return runsOnPython(file) || built.includes(extensionOf(file));
}

/** Whether it takes a Python interpreter to run the program of a file. */
export function runsOnPython(file: string): boolean {
  return ofPython.includes(extensionOf(file));
}

function extensionOf(file: string): string {
  return path.extname(file).toLowerCase();
}
