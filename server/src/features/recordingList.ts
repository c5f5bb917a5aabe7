import { refused } from '../protocol.js';
import type { ChangeRecordingParams, RecordingSummary } from '../protocol.js';
import { ResponseError } from 'vscode-languageserver';
import type { Recording } from '../recording/recording.js';
import type { Core } from './core.js';
import { amountText } from './words.js';

/** The recordings of a file that have ended, for a list to choose from: the latest first. */
export function recordingList(recordings: readonly Recording[]): RecordingSummary[] {
  return recordings
    .filter(({ endedAt }) => endedAt !== undefined)
    .map(summaryOf)
    .reverse();
}

function summaryOf(recording: Recording): RecordingSummary {
  const { id, label, startedAt, endReason, name, note, pinned } = recording;
  const text = [amountText(recording), endReason].join(' · ');
  return {
    ...{ id, label, startedAt, text, isPinned: pinned === true },
    ...(name !== undefined && { name }),
    ...(note !== undefined && { note }),
  };
}

/** Names, notes or pins a recording. @throws ResponseError with the reason why it cannot be */
export async function changeRecording(
  core: Pick<Core, 'nameRecordings' | 'noteRecordings' | 'pinRecordings'>,
  store: string,
  { id, name, note, isPinned }: ChangeRecordingParams,
): Promise<void> {
  try {
    if (name !== undefined) await core.nameRecordings(store, id, name);
    if (note !== undefined) await core.noteRecordings(store, id, note);
    if (isPinned !== undefined) await core.pinRecordings(store, id, isPinned);
  } catch (error) {
    throw new ResponseError(refused, error instanceof Error ? error.message : String(error));
  }
}
