import type { QuickPickItem, Uri } from 'vscode';
import { commands, QuickPickItemKind, Range, window, workspace } from 'vscode';
import type { FileStateParams } from '../../server/src/protocol.js';
import { actionsOf, sourceText } from './statusText.js';

interface StatusItem extends QuickPickItem {
  choose?: () => Thenable<unknown>;
}

/** Lists the sources of a file with the state of their recordings, and what can be done. */
export async function pickStatus(file: Uri, state: FileStateParams | undefined): Promise<void> {
  const uri = file.toString();
  const sources = (state?.sources ?? []).map((source): StatusItem => {
    const { label, line } = source;
    const item = { label, description: sourceText(source) };
    return line === undefined ? item : { ...item, choose: () => showLine(file, line) };
  });
  const actions = state ? actionsOf(state, workspace.isTrusted) : [];
  const items: StatusItem[] = [
    ...sources,
    { label: '', kind: QuickPickItemKind.Separator },
    ...actions.map(([label, command]) => ({
      label,
      choose: () => commands.executeCommand(command, uri),
    })),
  ];
  const placeHolder =
    sources.length === 0
      ? 'No sources to record in this file'
      : 'Go to a source, or choose what to do';
  const picked = await window.showQuickPick(items, { title: 'Beam Rewind', placeHolder });
  await picked?.choose?.();
}

async function showLine(file: Uri, line: number): Promise<void> {
  await window.showTextDocument(file, { selection: new Range(line, 0, line, 0) });
}
