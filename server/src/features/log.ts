import type { Connection } from 'vscode-languageserver';

/** Writes to the editor's log of the extension. */
export function logAt(
  connection: Connection,
  severity: 'debug' | 'info' | 'warning' | 'error',
  text: string,
): void {
  switch (severity) {
    case 'debug':
      connection.console.debug(text);
      break;
    case 'info':
      connection.console.info(text);
      break;
    case 'warning':
      connection.console.warn(text);
      break;
    case 'error':
      connection.console.error(text);
      break;
  }
}
