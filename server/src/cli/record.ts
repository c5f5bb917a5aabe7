import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RedactionRule } from '../recording/redaction/rules.js';
import { parseRedactionRules } from '../recording/redaction/rules.js';
import type { RecordingSettings, RecordOutcome } from '../session/session.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, messageOf, usageError } from './exitCode.js';
import { launchOptionsOf, runSession } from './launch.js';
import type { RecordFlags } from './options.js';
import { quoted, readPipelineFile } from './pipelineFile.js';
import { recordedTable, writeError, writeHint, writeNote, writeResult } from './report.js';
import { viewOf } from './runView.js';
import { jsonLine, sourceJson } from './sourceJson.js';

/** `record FILE`: records the unbounded sources until a limit is reached or the user stops it. */
export async function record(
  context: CliContext,
  argument: string,
  flags: RecordFlags,
  args: string[],
): Promise<ExitCode> {
  const named = await readPipelineFile(context, argument);
  const launch = await launchOptionsOf(context, named, flags, args);
  const settings = await recordOptionsOf(context, flags);
  const view = viewOf(context, flags, 'stderr');
  const stopping = 'Stopping. What was recorded stays. Ctrl-C again exits at once.';
  const outcome = await runSession(context, view, stopping, (listeners) =>
    context.session.recordFile({
      ...launch,
      ...listeners,
      ...settings,
      force: flags.force ?? false,
    }),
  );
  if (flags.json) writeJson(context, outcome);
  else writeReadable(context, quoted(named.name), outcome);
  return exitCodeOf(outcome);
}

/** What the flags of `record` and `run` say of the recordings. */
export async function recordOptionsOf(
  context: CliContext,
  flags: Omit<RecordFlags, 'force'>,
): Promise<RecordingSettings> {
  return {
    limits: {
      durationMs: flags.duration,
      maxBytes: flags.maxSize,
      maxElements: flags.maxElements,
    },
    sourceLimits: flags.limit,
    ...(flags.maxStore !== undefined && { maxStoreBytes: flags.maxStore }),
    keepRecordings: flags.keep,
    recordTogether: flags.together ?? false,
    watermarkResolutionMs: flags.watermarkResolution,
    ...(flags.name !== undefined && { name: flags.name }),
    ...(flags.redact !== undefined && { redact: await rulesIn(context, flags.redact) }),
  };
}

/** @throws CliError (usage) for a file that cannot be read, or holds no rules */
async function rulesIn(context: CliContext, file: string): Promise<RedactionRule[]> {
  try {
    const text = await readFile(path.resolve(context.cwd, file), 'utf8');
    return parseRedactionRules(JSON.parse(text));
  } catch (error) {
    throw usageError(`--redact ${file}: ${messageOf(error)}`);
  }
}

function exitCodeOf(outcome: RecordOutcome): ExitCode {
  switch (outcome.kind) {
    case 'recorded':
      return outcome.cancelled ? exitCode.cancelled : exitCode.done;
    case 'nothing to do':
      return exitCode.nothingToDo;
    case 'failed':
      return exitCode.failed;
  }
}

function writeJson(context: CliContext, outcome: RecordOutcome): void {
  const { kind, sources, ...rest } = outcome;
  const end = { kind: 'end', outcome: kind, ...rest, sources: sources.map(sourceJson) };
  context.stdout.write(jsonLine(end));
}

function writeReadable(context: CliContext, file: string, outcome: RecordOutcome): void {
  switch (outcome.kind) {
    case 'recorded':
      if (outcome.cancelled && outcome.sources.every(({ recording }) => recording === undefined)) {
        writeNote(context, 'Cancelled. Nothing was recorded.');
        break;
      }
      writeResult(context, recordedTable(context, outcome.sources));
      writeNote(context, outcome.cancelled ? 'Cancelled. What was recorded stays.' : 'Recorded.');
      writeHint(context, `replay it with beam-rewind replay ${file}`);
      break;
    case 'nothing to do':
      writeNote(context, outcome.reason);
      break;
    case 'failed':
      writeError(context, outcome.message);
      break;
  }
}
