import assert from 'node:assert/strict';
import { fakeContext, cli, jsonLines, output } from './harness.js';
import { runCli } from '../../../server/src/cli/program.js';
import type {
  LaunchOptions,
  ReplayOptions,
  ReplayOutcome,
  SessionEvent,
} from '../../../server/src/session/session.js';

function replaysWith(outcome: ReplayOutcome, ...events: SessionEvent[]) {
  return {
    replayFile: (options: LaunchOptions) => {
      for (const event of events) options.onEvent(event);
      return Promise.resolve(outcome);
    },
  };
}

const replayed: ReplayOutcome = { kind: 'replayed', exitCode: 0 };

describe('beam-rewind replay', () => {
  it('gives the session its flags and the arguments after --', async () => {
    const seen: LaunchOptions[] = [];
    const { code } = await cli(['replay', 'clicks.py', '--python', 'py', '--', '--x', '1'], {
      replayFile: (options) => {
        seen.push(options);
        return Promise.resolve(replayed);
      },
    });
    const [{ args, interpreter, backend }] = seen as [LaunchOptions];
    assert.deepEqual(
      { args, interpreter, backend },
      {
        args: ['--x', '1'],
        interpreter: 'py',
        backend: 'prism',
      },
    );
    assert.equal(code, 0);
  });

  it('gives the session what the replay changes, and the seed that was asked for', async () => {
    const seen: ReplayOptions[] = [];
    const changes = ['--what-if', 'shuffle', '--what-if', 'drop:5%'];
    const { code, err } = await cli(['replay', 'clicks.py', ...changes, '--seed', '7'], {
      replayFile: (options) => {
        seen.push(options);
        return Promise.resolve(replayed);
      },
    });
    assert.equal(code, 0, err);
    assert.deepEqual(
      seen[0]!.whatIfs?.map(({ text }) => text),
      ['shuffle', 'drop:5%'],
    );
    assert.equal(seen[0]!.seed, 7);
    assert.match(err, /^Seed 7\n/);
  });

  it('refuses a change it does not know, and a seed that is none', async () => {
    const unknown = await cli(['replay', 'clicks.py', '--what-if', 'shake'], replaysWith(replayed));
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /"shake" is no disturbance of a replay\. Possible are: shuffle/);
    const seed = await cli(['replay', 'clicks.py', '--seed', '-1'], replaysWith(replayed));
    assert.equal(seed.code, 2);
    assert.match(seed.err, /"-1" is not a whole number from 0 to 2147483647/);
  });

  it("passes the program's output through, byte for byte", async () => {
    const bytes = new Uint8Array([0, 0xff, 0x1b, 0x0d, 0xc3]);
    const events = [output('stdout', bytes), output('stderr', 'e')];
    const { context, stdout, stderr } = fakeContext(replaysWith(replayed, ...events), '/');
    await runCli(['replay', import.meta.filename, '--python', 'py'], {
      ...context,
      session: { ...context.session, languageOf: () => 'python' },
    });
    assert.deepEqual(new Uint8Array(Buffer.concat(stdout.chunks)), bytes);
    assert.equal(stderr.text, 'e\nReplayed.\n');
  });

  it('does not touch stderr because of an unfinished line in a stdout that goes elsewhere', async () => {
    const { err } = await cli(
      ['replay', 'clicks.py'],
      replaysWith(replayed, output('stdout', 'unfinished'), { kind: 'step', text: 'Step' }),
    );
    assert.equal(err, 'Step\nReplayed.\n');
  });

  it('begins a line of its own where both go to the terminal', async () => {
    const { err } = await cli(['replay', 'clicks.py'], {
      ...replaysWith(replayed, output('stdout', 'unfinished')),
      stdoutColumns: 80,
      stderrColumns: 80,
    });
    assert.equal(err, '\nReplayed.\n');
  });

  it('exits 1 when the program fails', async () => {
    const run = await cli(['replay', 'clicks.py'], replaysWith({ kind: 'replayed', exitCode: 7 }));
    assert.deepEqual(run, {
      code: 1,
      out: '',
      err: 'error: your program ended with exit code 7\n',
    });
  });

  it('exits 1 when the job fails', async () => {
    const message = 'Nothing is recorded for this file. Record its sources first.';
    const run = await cli(['replay', 'clicks.py'], replaysWith({ kind: 'failed', message }));
    assert.deepEqual(run, { code: 1, out: '', err: `error: ${message}\n` });
  });

  it('exits 130 when cancelled', async () => {
    const run = await cli(['replay', 'clicks.py'], replaysWith({ kind: 'cancelled' }));
    assert.deepEqual(run, { code: 130, out: '', err: 'Cancelled.\n' });
  });

  it('writes every event and the outcome as lines with --json', async () => {
    const run = await cli(
      ['replay', 'clicks.py', '--json'],
      replaysWith(
        { kind: 'replayed', exitCode: 7 },
        output('stdout', '("a", 1)\n'),
        { kind: 'jobState', state: 'DONE' },
        // A character that never gets its last byte.
        output('stdout', new Uint8Array([0xc3])),
      ),
    );
    assert.deepEqual(jsonLines(run), [
      { kind: 'output', stream: 'stdout', text: '("a", 1)\n' },
      { kind: 'jobState', state: 'DONE' },
      { kind: 'output', stream: 'stdout', text: '\ufffd' },
      { kind: 'end', outcome: 'replayed', exitCode: 7 },
    ]);
    assert.equal(run.code, 1);
    assert.equal(run.err, '');
  });
});
