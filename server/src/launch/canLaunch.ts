import path from 'node:path';

/** Of files whose programs can be run against our JobService. */
const launchable = ['.py', '.pyw', '.ipynb', '.yaml', '.yml'];

/** Whether the program of a file can be run by us; files of other languages are analysed only. */
export function canLaunch(file: string): boolean {
  return launchable.includes(path.extname(file).toLowerCase());
}
