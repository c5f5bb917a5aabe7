/**
 * What a program's last output says of why it failed: of a Python traceback and of a log the last line, of a Go panic
 * its message.
 */
export function lastError(run: { exitCode: number | null; lastErrors: string }): string {
  const lines = run.lastErrors.split(/\r?\n/).filter((line) => line.trim() !== '');
  const last = panicOf(lines) ?? lines.at(-1);
  return last ?? `it ended with exit code ${run.exitCode ?? 'none'} and said nothing`;
}

/** It may take several lines; the stacks of the goroutines follow it. */
function panicOf(lines: string[]): string | undefined {
  const start = lines.findLastIndex((line) => line.startsWith('panic: '));
  if (start === -1) return undefined;
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => /^(goroutine \d|\[signal )/.test(line));
  return rest
    .slice(0, end === -1 ? undefined : end)
    .map((line) => line.trim())
    .join(' ');
}
