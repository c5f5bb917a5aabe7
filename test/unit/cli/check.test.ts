import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckOptions, CheckOutcome } from '../../../server/src/session/checkFile.js';
import type { ReplayOptions, ReplayOutcome } from '../../../server/src/session/session.js';
import { cli, jsonLines, output } from './harness.js';

const ends = (outcome: CheckOutcome) => ({ checkFile: () => Promise.resolve(outcome) });

describe('beam-rewind check', () => {
  it('gives the session the number of orders, and says that they make no difference', async () => {
    const seen: CheckOptions[] = [];
    const { code, err } = await cli(['check', 'clicks.py', '--seeds', '3', '--', '--x'], {
      checkFile: (options) => {
        seen.push(options);
        return Promise.resolve({ kind: 'same', lines: 12, seeds: 3 });
      },
    });
    assert.equal(code, 0);
    assert.equal(err, 'The same 12 lines in 3 other orders.\n');
    assert.deepEqual([seen[0]!.seeds, seen[0]!.args], [3, ['--x']]);
  });

  it('shows the difference and how to see it again', async () => {
    const { code, out, err } = await cli(
      ['check', 'clicks.py'],
      ends({ kind: 'different', seed: 4, missing: ['a 1'], unexpected: ['a 2'] }),
    );
    assert.equal(code, 1);
    assert.equal(out, '- a 1\n+ a 2\n');
    assert.match(err, /depends on the order \(seed 4\)/);
    assert.match(err, /replay clicks\.py --what-if shuffle --seed 4/);
  });

  it('exits 1 when it cannot tell, and 130 when cancelled', async () => {
    const failed = await cli(['check', 'clicks.py'], ends({ kind: 'failed', message: 'Why.' }));
    assert.deepEqual([failed.code, failed.err], [1, 'error: Why.\n']);
    const cancelled = await cli(['check', 'clicks.py', '--json'], ends({ kind: 'cancelled' }));
    assert.equal(cancelled.code, 130);
    assert.deepEqual(jsonLines(cancelled), [{ kind: 'end', outcome: 'cancelled' }]);
  });
});

describe('beam-rewind replay --expect', () => {
  const prints = (text: string, outcome: ReplayOutcome = { kind: 'replayed', exitCode: 0 }) => ({
    replayFile: (options: ReplayOptions) => {
      options.onEvent(output('stdout', text));
      return Promise.resolve(outcome);
    },
  });
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'expect-'));
    file = path.join(folder, 'expected.txt');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes the lines, and meets them in any order', async () => {
    const update = ['replay', 'clicks.py', '--expect', file, '--update'];
    assert.equal((await cli(update, prints('b\na\n'))).code, 0);
    assert.equal(await readFile(file, 'utf8'), 'a\nb\n');
    const again = await cli(['replay', 'clicks.py', '--expect', file], prints('a\nb\n'));
    assert.deepEqual([again.code, again.out], [0, 'a\nb\n']);
  });

  it('compares outputs in place of what is printed', async () => {
    const tells = (...lines: string[]) => ({
      replayFile: (options: ReplayOptions) => {
        assert.deepEqual(options.outputs?.labels, ['Sums', 'C*']);
        options.onEvent(output('stdout', 'noise\n'));
        for (const line of lines) options.outputs.onLine(line);
        return Promise.resolve<ReplayOutcome>({ kind: 'replayed', exitCode: 0 });
      },
    });
    const verb = ['replay', 'clicks.py', '--expect', file, '--output', 'Sums', '--output', 'C*'];
    assert.equal((await cli([...verb, '--update'], tells('{"b":1}', '{"a":1}'))).code, 0);
    assert.equal(await readFile(file, 'utf8'), '{"a":1}\n{"b":1}\n');
    const { code, err } = await cli(verb, tells('{"a":1}', '{"b":2}'));
    assert.equal(code, 1);
    assert.match(err, /\n- \{"b":1\}\n\+ \{"b":2\}\n/);
    const alone = await cli(['replay', 'clicks.py', '--output', 'Sums'], tells());
    assert.deepEqual(
      [alone.code, alone.err.split('\n')[0]],
      [2, 'error: --output needs --expect FILE'],
    );
  });

  it('exits 1 and shows the difference', async () => {
    await writeFile(file, 'a\nb\n');
    const { code, err } = await cli(['replay', 'clicks.py', '--expect', file], prints('b\nc\n'));
    assert.equal(code, 1);
    assert.match(err, /\n- a\n\+ c\n/);
    assert.match(err, /--update/);
  });

  it('says so when there is nothing to compare with, and writes nothing after a failure', async () => {
    const missing = await cli(['replay', 'clicks.py', '--expect', file], prints('a\n'));
    assert.equal(missing.code, 1);
    assert.match(missing.err, /cannot read .*expected\.txt/);
    const update = ['replay', 'clicks.py', '--expect', file, '--update'];
    const failed = await cli(update, prints('a\n', { kind: 'failed', message: 'No.' }));
    assert.equal(failed.code, 1);
    await assert.rejects(readFile(file));
    const alone = await cli(['replay', 'clicks.py', '--update'], prints('a\n'));
    assert.deepEqual(
      [alone.code, alone.err.split('\n')[0]],
      [2, 'error: --update needs --expect FILE'],
    );
  });
});
