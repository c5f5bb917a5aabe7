/** The line of a program's last output that says why it failed: of a Python traceback, the last one. */
export function lastError(run: { exitCode: number | null; lastErrors: string }): string {
  const lines = run.lastErrors.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.at(-1) ?? `it ended with exit code ${run.exitCode ?? 'none'} and said nothing`;
}
