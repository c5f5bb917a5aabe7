import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc';

/** Words for a failure: all of them for the log, the first of them for a message. */
export function failureText(asked: string, error: unknown): { full: string; short: string } {
  const reason = reasonOf(error).trim();
  const [firstLine = ''] = reason.split('\n', 1);
  const short = firstLine.length > 300 ? `${firstLine.slice(0, 299)}…` : firstLine;
  return { full: `${asked} failed: ${reason}`, short: `${asked} failed: ${short}` };
}

function reasonOf(error: unknown): string {
  if (isServerGone(error))
    return 'The language server stopped before it answered. It is started again when it is needed.';
  return error instanceof Error ? error.message : String(error);
}

function isServerGone(error: unknown): boolean {
  const codes: number[] = [
    ErrorCodes.PendingResponseRejected,
    ErrorCodes.ConnectionInactive,
    ErrorCodes.MessageReadError,
    ErrorCodes.MessageWriteError,
  ];
  return (
    error instanceof ConnectionError ||
    (error instanceof ResponseError && codes.includes(error.code))
  );
}
