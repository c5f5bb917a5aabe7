import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { SessionFunctions } from '../../../server/src/cli/context.js';
import type { ServedRecording, ServeOptions } from '../../../server/src/session/serveRecording.js';
import { cli, jsonLines } from './harness.js';

const token = 'c2VjcmV0';
const outputs = [
  { tag: 'Clicks', pipeline: 'run.p', label: 'Clicks', coder: 'c', elements: 1240, isLive: false },
];

/** A session that serves until its client leaves it idle, or until it is closed. */
function serves(ended: ServedRecording['ended'], seen: ServeOptions[] = []) {
  let closed = 0;
  const serveRecording: SessionFunctions['serveRecording'] = (options) => {
    seen.push(options);
    return Promise.resolve({
      outputs,
      url: 'ws://127.0.0.1:1/',
      token,
      endpoint: '127.0.0.1:2',
      isRunning: true,
      ended,
      close: () => {
        closed++;
        return Promise.resolve();
      },
    });
  };
  return { serveRecording, closed: () => closed };
}

const never = new Promise<never>(() => undefined);
const args = ['serve', 'clicks.py', '--store', '.'];

describe('beam-rewind serve', () => {
  it('says where, not the token, and exits 0 when it is interrupted', async () => {
    const session = serves(never);
    const run = await cli(args, { ...session, signal: AbortSignal.abort() });
    assert.equal(run.code, 0);
    assert.match(
      run.out,
      /^WebSocket {2}ws:\/\/127\.0\.0\.1:1\/\ngRPC {7}127\.0\.0\.1:2\ntoken in {3}CWD\/test-stream-[0-9a-f]{8}\.token\n$/,
    );
    assert.equal(run.err, 'Serving Clicks: 1,240 elements.\nCtrl-C stops.\nStopped.\n');
    assert.equal((run.out + run.err).includes(token), false);
    assert.equal(session.closed(), 1);
  });

  it('keeps the token in a file for its user only, as long as it serves', async () => {
    let stop: (why: 'idle') => void = () => undefined;
    const ended = new Promise<'idle'>((resolve) => (stop = resolve));
    const seen: ServeOptions[] = [];
    let tokenFile = '';
    const session = serves(ended, seen);
    const running = cli([...args, '--json', '--idle-timeout', '10m'], {
      ...session,
      serveRecording: async (options) => {
        const served = await session.serveRecording(options);
        // The path is in what is printed; the test looks when the verb begins to wait.
        return (
          served && {
            ...served,
            get ended() {
              setImmediate(() => {
                stop('idle');
              });
              return ended;
            },
            close: () => {
              tokenFile = `${options.store}/${tokenFileIn(options.store)}`;
              assert.equal(readFileSync(tokenFile, 'utf8'), token);
              assert.equal(statSync(tokenFile).mode & 0o777, 0o600);
              return Promise.resolve();
            },
          }
        );
      },
    });
    const run = await running;
    assert.equal(run.code, 0);
    assert.equal(seen[0]?.idleTimeoutMs, 600_000);
    const [serving, end] = jsonLines(run) as [{ tokenFile: string }, unknown];
    assert.deepEqual(serving, {
      kind: 'serving',
      url: 'ws://127.0.0.1:1/',
      endpoint: '127.0.0.1:2',
      tokenFile: serving.tokenFile,
      outputs,
    });
    assert.deepEqual(end, { kind: 'end', outcome: 'idle' });
    assert.notEqual(tokenFile, '');
    assert.equal(existsSync(tokenFile), false);
  });

  it('exits 3 when nothing valid is recorded, and says what is left out', async () => {
    const run = await cli(args, {
      serveRecording: ({ onWarning }) => {
        onWarning('"Clicks" is left out: its recording is stale.');
        return Promise.resolve(undefined);
      },
    });
    assert.deepEqual(run, {
      code: 3,
      out: '',
      err: `warning: "Clicks" is left out: its recording is stale.
No valid recording of clicks.py.
hint: make one with beam-rewind record clicks.py
`,
    });
  });

  it('exits 2 for a time that it cannot read', async () => {
    assert.equal((await cli([...args, '--idle-timeout', 'soon'])).code, 2);
  });
});

function tokenFileIn(folder: string): string {
  return readdirSync(folder).find((name) => name.endsWith('.token')) ?? 'none';
}
