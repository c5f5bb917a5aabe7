import type { Uri } from 'vscode';
import { window, workspace } from 'vscode';

/** Asks whose recordings are to be deleted, which is also the moment to think again. */
export async function pickFilesToClear(file: Uri): Promise<'file' | 'all files' | undefined> {
  const items = [
    {
      label: `Recordings of ${workspace.asRelativePath(file)}`,
      choice: 'file' as const,
    },
    {
      label: 'Recordings of all files',
      description: 'in the same store',
      choice: 'all files' as const,
    },
  ];
  const title = 'Clear Recordings';
  const picked = await window.showQuickPick(items, { title, placeHolder: 'Delete for good' });
  return picked?.choice;
}
