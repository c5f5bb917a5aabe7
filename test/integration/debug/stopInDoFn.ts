import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Debuggee } from '../../../server/src/session/session.js';
import { connectDap } from './dapClient.js';

/** What a user sees at a breakpoint. */
export interface Stop {
  functionName: string;
  line: number;
}

/**
 * Attaches to a program by the Debug Adapter Protocol, stops at the first element that reaches a line, stays there, and
 * lets the program go on to its end.
 * @param attach arguments of the request, as the language's debugger wants them
 * @param code what stands on the line
 * @param stoppedMs how long it stays
 */
export async function stopAt(
  { host, port }: Debuggee,
  attach: object,
  file: string,
  code: string,
  stoppedMs: number,
): Promise<Stop> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const line = lines.findIndex((each) => each.includes(code)) + 1;
  assert.ok(line > 0, code);
  const client = await connectDap(host, port);
  try {
    await client.request('initialize', { adapterID: 'test', pathFormat: 'path' });
    const attached = client.request('attach', attach);
    await client.event('initialized');
    const source = { path: file };
    await client.request('setBreakpoints', { source, breakpoints: [{ line }] });
    await client.request('configurationDone');
    await attached;
    const { threadId } = (await client.event('stopped')) as { threadId: number };
    const { stackFrames } = (await client.request('stackTrace', { threadId, levels: 1 })) as {
      stackFrames: { name: string; line: number }[];
    };
    // Meanwhile the runner asks for progress, in vain, every tenth of a second.
    await setTimeout(stoppedMs);
    await client.request('setBreakpoints', { source, breakpoints: [] });
    await client.request('continue', { threadId });
    await client.event('terminated');
    await client.request('disconnect');
    const [frame] = stackFrames;
    return { functionName: frame?.name ?? '', line: (frame?.line ?? 0) - line };
  } finally {
    // Where this ends badly, the program goes on without a debugger.
    client.close();
  }
}
