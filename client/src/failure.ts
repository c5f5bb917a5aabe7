import type { LogOutputChannel, OutputChannel } from 'vscode';
import { window } from 'vscode';
import { failureText } from './failureText.js';

/**
 * Where every failure of something the user asked for ends: in the log, and in a message that leads there.
 * @param asked what was asked for, e.g. `Recording`
 * @param program the program's output, when it may say more
 */
export async function showFailure(
  asked: string,
  error: unknown,
  log: LogOutputChannel,
  program?: OutputChannel,
): Promise<void> {
  const text = failureText(asked, error);
  log.error(text.full);
  const actions = program ? ['Show Log', 'Show Program Output'] : ['Show Log'];
  const chosen = await window.showErrorMessage(text.short, ...actions);
  if (chosen === 'Show Log') log.show();
  if (chosen === 'Show Program Output') program?.show();
}
