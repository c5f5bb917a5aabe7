import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatCount } from '../recording/parseLimits.js';
import type { ServedRecording } from '../session/serveRecording.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { ServeFlags } from './options.js';
import { analyze, quoted, readRecordedFile, storeOf } from './pipelineFile.js';
import { writeHint, writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';
import { onOneLine } from './terminal.js';

/** `serve FILE`: serves the file's recordings as a test stream until Ctrl-C or the idle time-out. */
export async function serve(
  context: CliContext,
  argument: string,
  flags: ServeFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument);
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named);
  const signal = context.untilInterrupted();
  const served = await context.session.serveRecording({
    file: named.file,
    store,
    sources,
    ...(flags.idleTimeout !== undefined && { idleTimeoutMs: flags.idleTimeout }),
    onWarning: (text) => {
      writeNote(context, `warning: ${onOneLine(text)}`);
    },
  });
  if (!served) {
    writeNote(context, `No valid recording of ${named.name}.`);
    writeHint(context, `make one with beam-rewind record ${quoted(named.name)}`);
    return exitCode.nothingToDo;
  }
  const tokenFile = path.join(store, `test-stream-${randomBytes(4).toString('hex')}.token`);
  try {
    await writeFile(tokenFile, served.token, { mode: 0o600, flag: 'wx' });
    announce(context, served, tokenFile, flags);
    const outcome = await Promise.race([served.ended, aborted(signal)]);
    if (flags.json) context.stdout.write(jsonLine({ kind: 'end', outcome }));
    else writeNote(context, outcome === 'idle' ? 'Stopped: nobody was connected.' : 'Stopped.');
    return exitCode.done;
  } finally {
    await served.close();
    await rm(tokenFile, { force: true });
  }
}

function announce(
  context: CliContext,
  { outputs, url, endpoint }: ServedRecording,
  tokenFile: string,
  flags: ServeFlags,
): void {
  if (flags.json) {
    context.stdout.write(jsonLine({ kind: 'serving', url, endpoint, tokenFile, outputs }));
    return;
  }
  for (const { tag, elements, isLive } of outputs) {
    const more = isLive ? ' so far; it is being recorded, and followed to its end' : '';
    writeNote(context, `Serving ${onOneLine(tag)}: ${formatCount(elements)} elements${more}.`);
  }
  writeResult(context, [`WebSocket  ${url}`, `gRPC       ${endpoint}`, `token in   ${tokenFile}`]);
  writeNote(context, 'Ctrl-C stops.');
}

function aborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve('stopped');
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
