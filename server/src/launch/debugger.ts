/** How a program is started for a debugger. */
export interface DebugOptions {
  /** Port of 127.0.0.1 that its debugger listens on; 0: any that is free. */
  port: number;
  /** Folder that holds the Python package debugpy, for an interpreter that has none. */
  debugpy?: string;
  /** Its debugger listens; the program goes on when somebody has attached to it. */
  onListening: (debuggee: Debuggee) => void;
}

/** A program that waits for a debugger to be attached. */
export interface Debuggee {
  /** Which debugger: debugpy (Debug Adapter Protocol), Delve (its own and that one), or Java's JDWP. */
  type: 'debugpy' | 'dlv' | 'jdwp';
  host: string;
  port: number;
}

type OnOutput = (stream: 'stdout' | 'stderr', data: Uint8Array) => void;

/**
 * Takes the line in which a debugger says where it listens out of a program's output, and passes the rest on.
 * @param line has the port as its first group
 */
export function debuggerOutput(
  type: Debuggee['type'],
  line: RegExp,
  { onListening }: DebugOptions,
  onOutput: OnOutput,
): OnOutput {
  const rests = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let isListening = false;
  return (stream, data) => {
    if (isListening) {
      onOutput(stream, data);
      return;
    }
    const pending = Buffer.concat([rests[stream], data]);
    const end = pending.lastIndexOf(lineFeed) + 1;
    rests[stream] = pending.subarray(end);
    const kept: string[] = [];
    // A debugger writes its line in ASCII; bytes of the program's keep what they are.
    for (const each of pending
      .subarray(0, end)
      .toString('latin1')
      .split(/(?<=\n)/)) {
      const port = isListening ? undefined : line.exec(each)?.[1];
      if (port === undefined) kept.push(each);
      else {
        isListening = true;
        onListening({ type, host: '127.0.0.1', port: Number(port) });
      }
    }
    if (kept.length > 0) onOutput(stream, Buffer.from(kept.join(''), 'latin1'));
    if (!isListening) return;
    for (const name of ['stdout', 'stderr'] as const) {
      if (rests[name].length > 0) onOutput(name, rests[name]);
      rests[name] = Buffer.alloc(0);
    }
  };
}

const lineFeed = 0x0a;
