import type { QuickPickItem, Uri } from 'vscode';
import { window } from 'vscode';
import type { RecordingSummary } from '../../server/src/protocol.js';
import { changeRecording, listRecordings } from '../../server/src/protocol.js';
import type { LanguageServer } from './languageServer.js';

interface RecordingItem extends QuickPickItem {
  recording: RecordingSummary;
}

/** Asks which of a file's recordings is meant; undefined if the user thinks again. */
async function pickRecording(
  server: LanguageServer,
  file: Uri,
  title: string,
): Promise<RecordingSummary | undefined> {
  const items = await recordingItems(server, file);
  const options = { ...searching, title, placeHolder: 'Choose a recording' };
  return items && (await window.showQuickPick(items, options))?.recording;
}

/** Asks which of a file's recordings are meant, where several can be: the latest of each source, to begin with. */
export async function pickRecordings(
  server: LanguageServer,
  file: Uri,
  title: string,
): Promise<RecordingSummary[] | undefined> {
  const items = await recordingItems(server, file);
  const isLatest = ({ recording: { label } }: RecordingItem, at: number): boolean =>
    items?.findIndex(({ recording }) => recording.label === label) === at;
  const latestPicked = items?.map((item, at) => ({ ...item, picked: isLatest(item, at) }));
  const options = { ...searching, title, placeHolder: 'Choose one recording of each source' };
  const picked =
    latestPicked && (await window.showQuickPick(latestPicked, { ...options, canPickMany: true }));
  return picked?.map(({ recording }) => recording);
}

const searching = { matchOnDescription: true, matchOnDetail: true };

/** The recordings of a file; undefined, and told, if there are none. */
async function recordingItems(
  server: LanguageServer,
  file: Uri,
): Promise<RecordingItem[] | undefined> {
  const { recordings } = await server.request(listRecordings, { uri: file.toString() });
  if (recordings.length === 0) {
    void window.showInformationMessage('Nothing is recorded for this file.');
    return undefined;
  }
  return recordings.map((recording): RecordingItem => {
    const { label, name, note, text, startedAt, isPinned } = recording;
    const time = new Date(startedAt).toLocaleString();
    return {
      recording,
      label: `${isPinned ? '$(pinned) ' : ''}${name ?? label}`,
      description: [...(name === undefined ? [] : [label]), time, text].join(' · '),
      ...(note !== undefined && { detail: note }),
    };
  });
}

/** Asks for the text that a recording is to have in place of the one it has; undefined if the user thinks again. */
function askForText(title: string, prompt: string, value = ''): Thenable<string | undefined> {
  return window.showInputBox({ title, prompt, value });
}

/** Names one of a file's recordings, or takes its name away. */
export async function nameRecording(server: LanguageServer, file: Uri): Promise<void> {
  const title = 'Name Recording';
  const recording = await pickRecording(server, file, title);
  if (!recording) return;
  const prompt = 'What the recording is called. Empty: no name.';
  const name = await askForText(title, prompt, recording.name);
  if (name === undefined) return;
  const params = { uri: file.toString(), id: recording.id, name: name.trim() };
  await server.request(changeRecording, params);
}

/** Keeps a note with one of a file's recordings, or takes it away. */
export async function noteRecording(server: LanguageServer, file: Uri): Promise<void> {
  const title = 'Note on Recording';
  const recording = await pickRecording(server, file, title);
  if (!recording) return;
  const prompt = 'What is to be said of the recording. Empty: nothing.';
  const note = await askForText(title, prompt, recording.note);
  if (note === undefined) return;
  await server.request(changeRecording, { uri: file.toString(), id: recording.id, note });
}

/** Keeps one of a file's recordings from retention, or no longer. */
export async function pinRecording(server: LanguageServer, file: Uri): Promise<void> {
  const recording = await pickRecording(server, file, 'Pin or Unpin Recording');
  if (!recording) return;
  const { id, isPinned } = recording;
  await server.request(changeRecording, { uri: file.toString(), id, isPinned: !isPinned });
}
