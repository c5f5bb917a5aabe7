import type { QuickPickItem } from 'vscode';
import { Uri, window } from 'vscode';
import type { TestForm } from '../../server/src/protocol.js';
import { exportTest } from '../../server/src/protocol.js';
import type { LanguageServer } from './languageServer.js';
import { pickRecordings } from './recordingPick.js';
import { formsFor, proposedPath } from './testForms.js';

const title = 'Export Recording as Test';

/** Writes recordings of a file that the user chooses as a test of the user's own suite, and opens it. */
export async function exportRecordedTest(server: LanguageServer, file: Uri): Promise<void> {
  const recordings = await pickRecordings(server, file, title);
  if (!recordings || recordings.length === 0) return;
  const form = await pickForm(file);
  if (!form) return;
  const target = await window.showSaveDialog({
    title,
    defaultUri: Uri.file(proposedPath(file.fsPath, form.id)),
    filters: { [form.label]: [form.extension] },
  });
  if (!target) return;
  const { warnings } = await server.request(exportTest, {
    uri: file.toString(),
    ids: recordings.map(({ id }) => id),
    form: form.id,
    target: target.toString(),
  });
  await window.showTextDocument(target);
  for (const warning of warnings) void window.showWarningMessage(warning);
}

async function pickForm(file: Uri): Promise<TestForm | undefined> {
  const items = formsFor(file.fsPath).map((form): QuickPickItem & { form: TestForm } => ({
    form,
    label: form.label,
    description: form.runsWith,
  }));
  const placeHolder = 'Choose what runs the test';
  return (await window.showQuickPick(items, { title, placeHolder }))?.form;
}
