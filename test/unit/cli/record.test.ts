import assert from 'node:assert/strict';
import path from 'node:path';
import { Interrupted } from '../../../server/src/cli/context.js';
import type { RecordOptions, RecordOutcome } from '../../../server/src/session/session.js';
import {
  aRecording,
  aSource,
  aStatus,
  cli,
  jsonLines,
  output,
  progress,
  recordingJson,
  recordsWith,
} from './harness.js';

const recordedTable = `\
SOURCE  ELEMENTS   SIZE  EVENT TIME (UTC)              ENDED
Clicks     1,240  58 kB  2025-03-01 12:00:00 + 1m 30s  duration limit
`;

function ends(outcome: RecordOutcome) {
  return { recordFile: () => Promise.resolve(outcome) };
}

describe('beam-rewind record', () => {
  it('gives the session its flags and the arguments after --', async () => {
    const seen: RecordOptions[] = [];
    const flags = ['--duration', '5m', '--max-size', '64KiB', '--max-elements', '10k', '--force'];
    const more = ['--limit', 'A:size=1MB', '--limit', 'B*:elements=2', '--together', '--keep', '7'];
    const rest = ['--max-store', '9GB', '--watermark-resolution', '50ms', '--name', 'rush hour'];
    const launch = ['--backend', 'localhost:8099', '--store', 'st', '--prism', 'bin/prism'];
    const patterns = ['--recordable-sources', 'ReadFromText, *Parquet'];
    const own = ['--topic', 'x', '--', '--json'];
    await cli(
      [
        ...['record', 'clicks.py', ...flags, ...more, ...rest, ...launch, ...patterns],
        ...['--python', 'py', '--', ...own],
      ],
      {
        files: { 'clicks.py': 'the text' },
        recordFile: (options) => {
          seen.push(options);
          return Promise.resolve({ kind: 'recorded', cancelled: false, sources: [] });
        },
      },
    );
    const [options] = seen as [RecordOptions];
    const { cwd } = options;
    assert.deepEqual(
      { ...options, signal: undefined, onEvent: undefined },
      {
        signal: undefined,
        onEvent: undefined,
        cwd,
        file: path.join(cwd!, 'clicks.py'),
        text: 'the text',
        args: own,
        interpreter: 'py',
        store: path.join(cwd!, 'st'),
        backend: 'localhost:8099',
        prismPath: path.join(cwd!, 'bin/prism'),
        recordableSources: ['ReadFromText', '*Parquet'],
        limits: { durationMs: 300_000, maxBytes: 65_536, maxElements: 10_000 },
        sourceLimits: [
          { pattern: 'A', limits: { maxBytes: 1e6 } },
          { pattern: 'B*', limits: { maxElements: 2 } },
        ],
        maxStoreBytes: 9e9,
        keepRecordings: 7,
        recordTogether: true,
        watermarkResolutionMs: 50,
        name: 'rush hour',
        force: true,
      },
    );
  });

  it('has defaults for everything', async () => {
    const seen: RecordOptions[] = [];
    await cli(['record', 'clicks.py'], {
      recordFile: (options) => {
        seen.push(options);
        return Promise.resolve({ kind: 'recorded', cancelled: false, sources: [] });
      },
    });
    const [options] = seen as [RecordOptions];
    assert.deepEqual(options.args, []);
    assert.equal(options.interpreter, '/venv/bin/python');
    assert.equal(options.store, path.join(options.cwd!, '.beam-rewind'));
    assert.equal(options.backend, 'prism');
    assert.equal('prismPath' in options, false);
    assert.deepEqual(options.limits, {
      durationMs: 60_000,
      maxBytes: 1e9,
      maxElements: Number.MAX_SAFE_INTEGER,
    });
    assert.equal(options.force, false);
  });

  it('ends with a table on stdout, everything else on stderr', async () => {
    const run = await cli(['record', 'clicks.py'], {
      recordFile: recordsWith(
        { kind: 'step', text: 'Starting Prism 2.77.0' },
        output('stdout', 'from the program\n'),
        output('stderr', 'an unfinished line'),
        { kind: 'message', severity: 'debug', text: 'too much' },
        { kind: 'message', severity: 'info', text: 'not asked for' },
        { kind: 'message', severity: 'warning', text: 'two\nlines\n' },
        { kind: 'message', severity: 'error', text: 'bad \u001b[31mthing' },
        { kind: 'jobState', state: 'RUNNING' },
      ),
    });
    assert.deepEqual(run, {
      code: 0,
      out: recordedTable,
      err: `Starting Prism 2.77.0
from the program
an unfinished line
warning: two
lines
error: bad \\x1b[31mthing
Recorded.
hint: replay it with beam-rewind replay clicks.py
`,
    });
  });

  it('shows messages of level info and job states with --verbose', async () => {
    const { err } = await cli(['record', 'clicks.py', '--verbose'], {
      recordFile: recordsWith(
        { kind: 'message', severity: 'debug', text: 'too much' },
        { kind: 'message', severity: 'info', text: 'worker started' },
        { kind: 'jobState', state: 'RUNNING' },
      ),
    });
    assert.match(err, /^info: worker started\njob state: RUNNING\nRecorded\.\n/);
  });

  it('tells progress now and then where a line cannot be redrawn', async () => {
    const { err } = await cli(['record', 'clicks.py'], {
      recordFile: recordsWith(
        progress(250, 1, 40),
        progress(500, 20, 900),
        progress(6300, 240, 11_000),
        progress(6400, 250, 11_400),
      ),
    });
    assert.equal(
      err.split('Recorded.')[0],
      `recording: 1 element, 40 B of 1 GB, 0s of 1m
recording: 240 elements, 11 kB of 1 GB, 6s of 1m
`,
    );
  });

  it('redraws one line on a terminal and leaves none behind', async () => {
    const { err } = await cli(['record', 'clicks.py'], {
      stderrColumns: 70,
      env: { NO_COLOR: '1' },
      recordFile: recordsWith(
        progress(0, 0, 0),
        progress(30_000, 620, 29_000),
        output('stderr', 'hello'),
        progress(60_000, 1240, 58_000),
      ),
    });
    assert.equal(
      err.split('Recorded.')[0],
      `\r${'╌'.repeat(23)}   0%  0 elements  0 B of 1 GB  0s of 1m\x1b[K` +
        `\r${'━'.repeat(11)}${'╌'.repeat(12)}  50%  620 elements  29 kB of 1 GB  30s of 1m\x1b[K` +
        '\r\x1b[2Khello\n' +
        `\r${'━'.repeat(23)} 100%  1,240 elements  58 kB of 1 GB  1m of 1m\x1b[K` +
        '\r\x1b[2K',
    );
  });

  it('has colours on a terminal only, and none with NO_COLOR', async () => {
    const setup = {
      recordFile: recordsWith({ kind: 'message', severity: 'error', text: 'bad' }),
    };
    const colour = '\x1b[31merror:\x1b[39m bad';
    const argv = ['record', 'clicks.py'];
    assert.ok((await cli(argv, { ...setup, stderrColumns: 80 })).err.includes(colour));
    for (const plain of [{}, { stderrColumns: 80, env: { NO_COLOR: '1' } }])
      assert.equal((await cli(argv, { ...setup, ...plain })).err.includes('\x1b'), false);
  });

  it('does not redraw on a dumb terminal', async () => {
    const { err } = await cli(['record', 'clicks.py'], {
      stderrColumns: 80,
      env: { TERM: 'dumb' },
      recordFile: recordsWith(progress(250, 1, 40)),
    });
    assert.match(err, /^recording: 1 element, 40 B of 1 GB, 0s of 1m\n/);
  });

  it('exits 130 when cancelled, and lists what stays', async () => {
    const recording = aRecording({ endReason: 'cancelled' });
    const sources = [aStatus({ recording })];
    const run = await cli(
      ['record', 'clicks.py'],
      ends({ kind: 'recorded', cancelled: true, sources }),
    );
    assert.equal(run.code, 130);
    assert.equal(run.out, recordedTable.replace('duration limit', 'cancelled'));
    assert.match(run.err, /^Cancelled\. What was recorded stays\.\n/);
  });

  it('says so when it is interrupted, then waits for the session', async () => {
    const controller = new AbortController();
    const run = await cli(['record', 'clicks.py'], {
      signal: controller.signal,
      recordFile: ({ signal }) => {
        assert.equal(signal, controller.signal);
        controller.abort(new Interrupted('SIGINT'));
        return Promise.resolve({ kind: 'recorded', cancelled: true, sources: [aStatus()] });
      },
    });
    assert.equal(run.code, 130);
    assert.match(run.err, /^Stopping\. What was recorded stays\. Ctrl-C again exits at once\.\n/);
  });

  it('is quiet when the reader of stdout is gone', async () => {
    const controller = new AbortController();
    const run = await cli(['record', 'clicks.py'], {
      signal: controller.signal,
      recordFile: () => {
        controller.abort(new Interrupted('stdout closed'));
        return Promise.resolve({ kind: 'recorded', cancelled: true, sources: [aStatus()] });
      },
    });
    assert.equal(run.code, 130);
    assert.equal(run.err.includes('Stopping'), false);
  });

  it('does not claim that something stays when it was cancelled too early', async () => {
    const sources = [{ pipeline: 'p', label: 'Clicks', state: 'none' as const }];
    const outcome: RecordOutcome = { kind: 'recorded', cancelled: true, sources };
    assert.deepEqual(await cli(['record', 'clicks.py'], ends(outcome)), {
      code: 130,
      out: '',
      err: 'Cancelled. Nothing was recorded.\n',
    });
  });

  it('exits 3 when there is nothing to do', async () => {
    const reason = 'Every source has a valid recording. To record again, use --force.';
    const run = await cli(
      ['record', 'clicks.py'],
      ends({ kind: 'nothing to do', reason, sources: [aStatus()] }),
    );
    assert.deepEqual(run, { code: 3, out: '', err: `${reason}\n` });
  });

  it('exits 1 with the message of a failure', async () => {
    const run = await cli(
      ['record', 'clicks.py'],
      ends({ kind: 'failed', message: 'Prism: out of luck\n', sources: [] }),
    );
    assert.deepEqual(run, { code: 1, out: '', err: 'error: Prism: out of luck\n' });
  });

  it('exits 1 when the session throws', async () => {
    const recordFile = (options: RecordOptions) => {
      options.onEvent(output('stdout', new Uint8Array([0xc3])));
      return Promise.reject(new Error('disk full'));
    };
    const readable = await cli(['record', 'clicks.py'], { recordFile });
    assert.deepEqual(readable, { code: 1, out: '', err: '\ufffd\nerror: disk full\n' });
    const json = await cli(['record', 'clicks.py', '--json'], { recordFile });
    assert.deepEqual(jsonLines(json), [
      { kind: 'output', stream: 'stdout', text: '\ufffd' },
      { kind: 'end', outcome: 'failed', message: 'disk full' },
    ]);
    assert.equal(json.code, 1);
  });

  it('exits 1 without an interpreter and says what to do', async () => {
    const run = await cli(['record', 'clicks.py'], {
      findInterpreter: () => Promise.resolve(undefined),
    });
    assert.deepEqual(run, {
      code: 1,
      out: '',
      err: `error: no Python interpreter found for clicks.py
hint: activate an environment that has apache-beam, or name its interpreter with --python
`,
    });
  });

  it('writes every event as a line with --json', async () => {
    const euro = Buffer.from('€\n');
    const run = await cli(['record', 'clicks.py', '--json'], {
      recordFile: recordsWith(
        { kind: 'step', text: 'Starting Prism' },
        output('stdout', euro.subarray(0, 2)),
        output('stderr', 'e\n'),
        output('stdout', euro.subarray(2)),
        { kind: 'message', severity: 'debug', text: 'all of them' },
        progress(250.4, 10, 400),
        { kind: 'jobState', state: 'DONE' },
      ),
    });
    assert.equal(run.err, '');
    assert.deepEqual(jsonLines(run), [
      { kind: 'step', text: 'Starting Prism' },
      { kind: 'output', stream: 'stderr', text: 'e\n' },
      { kind: 'output', stream: 'stdout', text: '€\n' },
      { kind: 'message', severity: 'debug', text: 'all of them' },
      {
        kind: 'progress',
        elements: 10,
        bytes: 400,
        elapsedMs: 250,
        limits: { durationMs: 60_000, maxBytes: 1e9, maxElements: null },
        sources: [{ pipeline: 'run.p', label: 'Clicks', elements: 10, bytes: 400 }],
      },
      { kind: 'jobState', state: 'DONE' },
      {
        kind: 'end',
        outcome: 'recorded',
        cancelled: false,
        sources: [
          {
            pipeline: 'run.p',
            label: 'Clicks',
            state: 'valid',
            line: 12,
            recording: recordingJson,
          },
        ],
      },
    ]);
  });

  it('ends with a line of JSON for every outcome', async () => {
    const nothing = ends({ kind: 'nothing to do', reason: 'All valid.', sources: [] });
    const failed = ends({ kind: 'failed', message: 'Bad.', sources: [] });
    const argv = ['record', 'clicks.py', '--json'];
    assert.deepEqual(jsonLines(await cli(argv, nothing)), [
      { kind: 'end', outcome: 'nothing to do', reason: 'All valid.', sources: [] },
    ]);
    assert.deepEqual(jsonLines(await cli(argv, failed)), [
      { kind: 'end', outcome: 'failed', message: 'Bad.', sources: [] },
    ]);
  });

  it('names the pipelines when there are several', async () => {
    const sources = [
      aStatus(),
      aStatus({
        pipeline: 'q',
        label: 'Rides 時',
        source: aSource(),
        recording: aRecording({
          elements: 1,
          bytes: 7,
          minTimestamp: -9223372036854775.808,
          maxTimestamp: -9223372036854775.808,
          endReason: 'source finished',
        }),
      }),
    ];
    const run = await cli(
      ['record', 'clicks.py'],
      ends({ kind: 'recorded', cancelled: false, sources }),
    );
    assert.equal(
      run.out,
      `\
SOURCE    PIPELINE  ELEMENTS   SIZE  EVENT TIME (UTC)              ENDED
Clicks    run.p        1,240  58 kB  2025-03-01 12:00:00 + 1m 30s  duration limit
Rides 時  q                1    7 B  MIN_TIMESTAMP                 source finished
`,
    );
  });
});
