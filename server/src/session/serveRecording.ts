import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { isComplete } from '../recording/recording.js';
import { isOwned, isStillOwned, logPath, readRecording } from '../recording/store.js';
import type { ServedOutput } from '../replay/testStream/clientConnection.js';
import { systemClock } from '../replay/testStream/clock.js';
import { idleTimer } from '../replay/testStream/idleTimer.js';
import type { LiveOutput, TestStreamOutput } from '../replay/testStream/openTestStream.js';
import { openTestStream } from '../replay/testStream/openTestStream.js';
import { noteTestStreamService } from '../replay/testStream/running.js';
import { startTestStreamServer } from '../replay/testStream/testStreamServer.js';
import { startTestStreamService } from '../replay/testStream/testStreamService.js';
import type { SourceState } from './sourceStatus.js';
import { recordedTogether, recordingsOf, statusesFrom } from './statusOfFile.js';

export interface ServeOptions {
  /** Absolute path of the pipeline file. */
  file: string;
  /** Folder of the recordings. */
  store: string;
  /** What analysis finds in the file now. */
  sources: PipelineSource[];
  /** Stop when no client was connected for so many ms; absent: never. */
  idleTimeoutMs?: number;
  /** Told what is left out, and where a log is damaged. */
  onWarning: (text: string) => void;
}

/** The test stream of a file's recordings while it is served. */
export interface ServedRecording {
  outputs: ServedOutput[];
  /** Of the WebSocket server. */
  url: string;
  /** What its clients have to show. */
  token: string;
  /** `host:port` of Beam's TestStreamService (gRPC). */
  endpoint: string;
  readonly isRunning: boolean;
  /** Resolves when it serves no more, and why. */
  ended: Promise<'stopped' | 'idle'>;
  close: () => Promise<void>;
}

/**
 * Serves the valid recordings of a file, and those that are being made, as one test stream, by WebSocket and by gRPC, until it is closed, by
 * its owner or by `attemptToStopTestStreamService`, or idle.
 * @returns undefined if there is no valid recording
 */
export async function serveRecording(options: ServeOptions): Promise<ServedRecording | undefined> {
  const recordings = await servedRecordings(options);
  if (recordings.length === 0) return undefined;
  const outputs = recordings.map((recording): TestStreamOutput => ({
    tag: tagOf(recording, recordings),
    log: logPath(options.store, recording.id),
    isComplete: isComplete(recording),
    startedAt: recording.startedAt,
    ...(isOwned(recording) && { live: liveOutput(options.store, recording.id) }),
  }));
  const served = recordings.map((recording): ServedOutput => {
    const { pipeline, label, coder, elements } = recording;
    const isLive = isOwned(recording);
    return { tag: tagOf(recording, recordings), pipeline, label, coder, elements, isLive };
  });
  const idle = idleTimer(systemClock, options.idleTimeoutMs, () => {
    void end('idle');
  });
  const server = await startTestStreamServer(
    {
      outputs: served,
      open: (place, isWanted) => openTestStream(outputs, place, options.onWarning, isWanted),
      onError: options.onWarning,
    },
    idle,
    systemClock,
  );
  const service = await startTestStreamService(outputs, idle, options.onWarning);

  let tellEnd: (why: 'stopped' | 'idle') => void;
  const ended = new Promise<'stopped' | 'idle'>((resolve) => {
    tellEnd = resolve;
  });
  let ending: Promise<void> | undefined;
  const end = (why: 'stopped' | 'idle'): Promise<void> => {
    ending ??= (async () => {
      idle.close();
      service.close();
      await server.close();
      tellEnd(why);
    })();
    return ending;
  };
  const running: ServedRecording = {
    outputs: served,
    url: server.url,
    token: server.token,
    endpoint: service.endpoint,
    get isRunning() {
      return ending === undefined;
    },
    ended,
    close: () => end('stopped'),
  };
  noteTestStreamService(options.file, running);
  return running;
}

/** Of each source with a valid or a running recording, the recordings of all its outputs, in the order of the text. */
async function servedRecordings(options: ServeOptions): Promise<Recording[]> {
  const recordings = await recordingsOf(options.store, options.file);
  return statusesFrom(recordings, options.sources).flatMap(
    ({ label, state, reason, recording }) => {
      if ((state !== 'valid' && state !== 'recording') || !recording) {
        const because = reason ? ` (${reason})` : '';
        if (state !== 'none') {
          options.onWarning(
            `"${label}" is left out: its recording is ${wordFor(state)}${because}.`,
          );
        }
        return [];
      }
      return recordedTogether(recording, recordings).sort((a, b) =>
        (a.output ?? '') < (b.output ?? '') ? -1 : 1,
      );
    },
  );
}

function liveOutput(store: string, id: string): LiveOutput {
  return {
    isWritten: () => isStillOwned(store, id),
    isComplete: async () => {
      const ended = await readRecording(store, id);
      return ended !== null && isComplete(ended);
    },
  };
}

function wordFor(state: SourceState): string {
  return state === 'removed' ? 'of a source that is gone' : state;
}

/** The label, as far as that is unique among what is served. */
function tagOf(recording: Recording, all: Recording[]): string {
  const { pipeline, label, output } = recording;
  const name = output === undefined ? label : `${label}.${output}`;
  const isUnique = all.every((each) => each.label !== label || each.pipeline === pipeline);
  return isUnique ? name : `${pipeline}/${name}`;
}
