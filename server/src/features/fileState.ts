import type { FileStateParams } from '../protocol.js';
import type { Recording } from '../recording/recording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { hasState } from '../session/sourceStatus.js';
import type { SessionState } from './sessions.js';
import { progressText, statusText } from './words.js';

/**
 * What the status bar shows for a file.
 * @param now ms since the epoch
 */
export function fileStateOf(
  uri: string,
  statuses: SourceStatus[],
  session: SessionState | undefined,
  now: number,
): FileStateParams {
  return {
    uri,
    ...activityOf(statuses, session, now),
    sources: statuses.filter(hasState).map((status) => ({
      pipeline: status.pipeline,
      label: status.label,
      state: status.state,
      text: statusText(status),
      ...(status.state === 'valid' && status.reason && { detail: status.reason }),
      ...(status.source && { line: status.source.range.start.line }),
    })),
  };
}

function activityOf(
  statuses: SourceStatus[],
  session: SessionState | undefined,
  now: number,
): Pick<FileStateParams, 'activity' | 'activityText'> {
  if (session) {
    const activity = session.kind === 'replay' ? 'replaying' : 'recording';
    return { activity, activityText: session.text };
  }
  const elsewhere = statuses
    .filter(({ state }) => state === 'recording')
    .flatMap(({ recording }) => recording ?? []);
  const text = progressElsewhere(elsewhere, now);
  return text === undefined
    ? { activity: 'idle', activityText: '' }
    : { activity: 'recording', activityText: text };
}

/** Progress of recordings that another process makes, as their indexes tell it. */
function progressElsewhere(recordings: Recording[], now: number): string | undefined {
  const [first] = recordings;
  if (!first) return undefined;
  const progress = {
    elements: sum(recordings.map(({ elements }) => elements)),
    bytes: sum(recordings.map(({ bytes }) => bytes)),
    elapsedMs: now - Math.min(...recordings.map(({ startedAt }) => startedAt)),
    limits: first.limits,
  };
  return progressText(progress, recordings.length);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** What was sent of each file, so that it is sent again only when it differs. */
export interface FileStates {
  /** The state of a file now; undefined when it is what was sent last. */
  changed(
    file: { uri: string; statuses: SourceStatus[] },
    session: SessionState | undefined,
    now: number,
  ): FileStateParams | undefined;
  forget(uri: string): void;
}

export function createFileStates(): FileStates {
  const sent = new Map<string, string>();
  return {
    changed({ uri, statuses }, session, now) {
      const state = fileStateOf(uri, statuses, session, now);
      const text = JSON.stringify(state);
      if (sent.get(uri) === text) return undefined;
      sent.set(uri, text);
      return state;
    },
    forget(uri) {
      sent.delete(uri);
    },
  };
}
