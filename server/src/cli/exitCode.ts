/** Exit codes of every verb. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  nothingToDo: 3,
  /** As shells report a program ended by Ctrl-C. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** An error with words for the user and the exit code it leads to. */
export class CliError extends Error {
  /** @param hint what to do about it */
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** The words of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The command line, or a file it names, is wrong. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, exitCode.usage, hint);
}
