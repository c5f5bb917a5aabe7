import { recordedCoder } from '../beam/pipeline/recordedCoder.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { reencoded } from '../interchange/reencode.js';
import type { FollowedLog } from '../recording/followLog.js';
import { followLog } from '../recording/followLog.js';
import type { LogDamage } from '../recording/readFrames.js';
import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { isFromInteractiveBeam } from '../recording/recording.js';
import { verifyRecording } from '../recording/recoverRecording.js';
import { isStillOwned, logPath } from '../recording/store.js';
import type { MatchedSource } from './matchSources.js';
import type { ReplayOptions } from './session.js';

/** The logs of recordings that have ended, one for each output of the sources, as the submitted pipeline encodes elements. */
export function readLogs(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
): AsyncIterable<LogRecord>[] {
  const outputs = matched.flatMap(({ submitted }) => submitted.outputs);
  return chosen.map((recording, index) => {
    const log = readLog(logPath(options.store, recording.id), tellDamage(options, recording));
    const output = outputs[index];
    return output && isFromInteractiveBeam(recording)
      ? asSubmitted(log, pipeline, output.pcollectionId)
      : log;
  });
}

/** The logs of recordings of which some may still be made. */
export function followLogs(options: ReplayOptions, chosen: Recording[]): FollowedLog[] {
  const { store } = options;
  return chosen.map((recording) =>
    followLog(
      logPath(store, recording.id),
      () => isStillOwned(store, recording.id),
      tellDamage(options, recording),
    ),
  );
}

/** Damage that is met here first stands in the recording from then on: it is not valid any more. */
function tellDamage({ store, onEvent }: ReplayOptions, recording: Recording) {
  return (damage: LogDamage): void => {
    const text = `The recording of "${recording.label}" is damaged ${damageText(damage)}.`;
    onEvent({ kind: 'message', severity: 'warning', text });
    // That it is told is enough where the store cannot be written.
    if (!recording.damage) void verifyRecording(store, recording).catch(() => undefined);
  };
}

/** A log that came from Interactive Beam, in the coder that the submitted pipeline has for its elements. */
function asSubmitted(
  log: AsyncIterable<LogRecord>,
  { components }: Pipeline,
  pcollectionId: string,
): AsyncIterable<LogRecord> {
  const pcollection = components?.pcollections[pcollectionId];
  if (!components || !pcollection) return log;
  return reencoded(log, recordedCoder(components, pcollection.coderId), components.coders);
}
