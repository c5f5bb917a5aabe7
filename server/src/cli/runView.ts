import { hasElementsLimit } from '../recording/parseLimits.js';
import type { RecordingProgress, SessionEvent } from '../session/session.js';
import type { CliContext, OutputStream } from './context.js';
import type { LaunchFlags } from './options.js';
import { progressLine, progressText } from './progressLine.js';
import { jsonLine } from './sourceJson.js';
import type { Debuggee } from '../launch/debugger.js';
import { canRedraw, onLines, paintFor, widthOf } from './terminal.js';

const lineFeed = 0x0a;

/** Shows what happens while a session runs. */
export interface RunView {
  onEvent(event: SessionEvent): void;
  /** A line about what the program itself does, such as stopping. */
  note(text: string): void;
  /** After the last event: leaves nothing half drawn. @param failure why there is no outcome */
  end(failure?: string): void;
}

/**
 * The view that the flags of a verb ask for.
 * @param programStdout where the program's standard output goes in the readable one, byte for byte
 */
export function viewOf(
  context: CliContext,
  flags: Pick<LaunchFlags, 'json' | 'verbose'>,
  programStdout: 'stdout' | 'stderr',
): RunView {
  return flags.json
    ? jsonView(context)
    : readableView(context, { verbose: flags.verbose ?? false, programStdout });
}

/** Every event as a line of JSON on stdout. */
export function jsonView(context: CliContext): RunView {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const write = (event: object) => context.stdout.write(jsonLine(event));
  return {
    onEvent(event) {
      switch (event.kind) {
        case 'output':
          writeOutput(event.stream, decoders[event.stream].decode(event.data, { stream: true }));
          break;
        case 'progress':
          write({ kind: 'progress', ...progressJson(event.progress) });
          break;
        case 'debugger':
          write({ kind: 'debugger', ...event.debuggee });
          break;
        case 'step':
        case 'message':
        case 'jobState':
          write(event);
          break;
      }
    },
    note(text) {
      write({ kind: 'step', text });
    },
    end(failure) {
      for (const stream of ['stdout', 'stderr'] as const)
        writeOutput(stream, decoders[stream].decode());
      if (failure !== undefined) write({ kind: 'end', outcome: 'failed', message: failure });
    },
  };

  function writeOutput(stream: 'stdout' | 'stderr', text: string) {
    if (text !== '') write({ kind: 'output', stream, text });
  }
}

/**
 * Steps, messages and progress for people, on stderr.
 * @param programStdout where the program's standard output goes, byte for byte
 */
export function readableView(
  context: CliContext,
  options: { verbose: boolean; programStdout: 'stdout' | 'stderr' },
): RunView {
  const { stderr, env } = context;
  const programStdout = context[options.programStdout];
  const paint = paintFor(stderr, env);
  const redraws = canRedraw(stderr, env);
  let isBarDrawn = false;
  /** The program may leave a line unfinished. */
  let isLineOpen = false;
  let nextProgressMs = 0;

  return {
    onEvent(event) {
      switch (event.kind) {
        case 'step':
          writeLine(onLines(event.text));
          break;
        case 'debugger':
          writeLine(`The program waits for a debugger: ${howToAttach(event.debuggee)}`);
          break;
        case 'output':
          eraseBar();
          writeOutput(event.stream === 'stdout' ? programStdout : stderr, event.data);
          break;
        case 'message':
          showMessage(event.severity, onLines(event.text.trimEnd()));
          break;
        case 'progress':
          if (redraws) {
            endLine();
            const line = progressLine(event.progress, widthOf(stderr) ?? 80, paint);
            stderr.write(`\r${line}\x1b[K`);
            isBarDrawn = true;
          } else if (event.progress.elapsedMs >= nextProgressMs) {
            writeLine(progressText(event.progress));
            nextProgressMs = event.progress.elapsedMs + plainInterval(event.progress.limits);
          }
          break;
        case 'jobState':
          if (options.verbose) writeLine(`job state: ${onLines(event.state)}`);
          break;
      }
    },
    note: writeLine,
    end() {
      eraseBar();
      endLine();
    },
  };

  function writeOutput(stream: OutputStream, data: Uint8Array) {
    stream.write(data);
    const isSameScreen = stream === stderr || (stream.isTTY === true && stderr.isTTY === true);
    if (isSameScreen && data.length > 0) isLineOpen = data.at(-1) !== lineFeed;
  }

  function showMessage(severity: 'debug' | 'info' | 'warning' | 'error', text: string) {
    switch (severity) {
      case 'error':
        writeLine(`${paint('red', 'error:')} ${text}`);
        break;
      case 'warning':
        writeLine(`${paint('yellow', 'warning:')} ${text}`);
        break;
      case 'info':
        if (options.verbose) writeLine(`info: ${text}`);
        break;
      case 'debug':
        break;
    }
  }

  function writeLine(text: string) {
    eraseBar();
    endLine();
    stderr.write(`${text}\n`);
  }

  function eraseBar() {
    if (isBarDrawn) stderr.write('\r\x1b[2K');
    isBarDrawn = false;
  }

  function endLine() {
    if (isLineOpen) stderr.write('\n');
    isLineOpen = false;
  }
}

function progressJson({ limits, ...progress }: RecordingProgress) {
  const maxElements = hasElementsLimit(limits) ? limits.maxElements : null;
  return {
    ...progress,
    elapsedMs: Math.round(progress.elapsedMs),
    limits: { ...limits, maxElements },
  };
}

/** A tenth of the limit, but neither chatty nor silent. */
function plainInterval({ durationMs }: { durationMs: number }): number {
  return Math.min(60_000, Math.max(5000, durationMs / 10));
}

function howToAttach({ type, host, port }: Debuggee): string {
  const address = `${host}:${port}`;
  switch (type) {
    case 'debugpy':
      return `attach one that speaks the Debug Adapter Protocol to ${address}`;
    case 'dlv':
      return `dlv connect ${address}`;
    case 'jdwp':
      return `jdb -attach ${address}`;
  }
}
