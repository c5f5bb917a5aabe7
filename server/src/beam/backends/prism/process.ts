import { superviseProcess } from '../../../processes/supervise.js';
import { connect, waitUntilReady } from '../../grpc.js';
import { lastLines } from '../../../processes/lastLines.js';

/** A Prism that answers. It ends when our process does. */
export interface PrismProcess {
  /** `localhost:port` of its JobService. */
  endpoint: string;
  /** The last lines of its log. */
  log(): string;
  /** Resolves when it has ended. */
  exit: Promise<unknown>;
  stop(): Promise<void>;
}

const readyWithinMs = 30_000;

/**
 * Starts Prism on a port of its choice.
 * @throws Error with Prism's own words when it ends, or does not answer within 30 seconds
 */
export async function runPrism(binary: string): Promise<PrismProcess> {
  let announce: (endpoint: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => (announce = resolve));
  const log = lastLines(100, (line) => {
    const entry = parseEntry(line);
    if (entry?.['msg'] === 'Serving JobManagement') announce(String(entry['endpoint']));
    return entry ? readable(entry) : line;
  });
  const prism = await superviseProcess(
    binary,
    ['--job_port', '0', '--serve_http=false', '--log_kind=json'],
    {
      onOutput: (_stream, data) => {
        log.add(data);
      },
    },
  );

  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    void prism.exit.then(({ code, signal }) => {
      reject(new Error(`Prism (${binary}) ended with ${signal ?? `code ${code}`}:\n${log.text()}`));
    });
    timer = setTimeout(() => {
      const seconds = readyWithinMs / 1000;
      reject(new Error(`Prism (${binary}) did not answer within ${seconds} s:\n${log.text()}`));
    }, readyWithinMs);
  });
  failed.catch(() => undefined);
  try {
    const endpoint = await Promise.race([announced, failed]);
    await Promise.race([answers(endpoint), failed]);
    return {
      endpoint,
      log: () => log.text(),
      exit: prism.exit,
      stop: async () => {
        await prism.stop({ graceMs: 2000 });
      },
    };
  } catch (error) {
    await prism.stop({ graceMs: 0 });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function answers(endpoint: string): Promise<void> {
  const client = connect(endpoint);
  try {
    await waitUntilReady(client, readyWithinMs);
  } finally {
    client.close();
  }
}

/** A line of `--log_kind=json`; a Go panic is plain text. */
function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? { ...entry } : undefined;
  } catch {
    return undefined;
  }
}

function readable(entry: Record<string, unknown>): string {
  const { time: _time, level, msg, ...details } = entry;
  const text = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [level, msg, ...text].join(' ');
}
