import assert from 'node:assert/strict';
import { cli } from './harness.js';

/** Usage errors write to stderr alone and exit 2. */
async function refuses(argv: string[], err: string): Promise<void> {
  assert.deepEqual(await cli(argv), { code: 2, out: '', err });
}

describe('beam-rewind', () => {
  it('shows its version and its help', async () => {
    assert.deepEqual(await cli(['--version']), { code: 0, out: '1.2.3\n', err: '' });
    for (const argv of [['--help'], ['record', '--help'], ['help', 'record']]) {
      const { code, out, err } = await cli(argv);
      assert.equal(code, 0);
      assert.equal(err, '');
      assert.match(out, /\nExamples:\n {2}\$ beam-rewind /);
    }
  });

  it('shows its help on stderr without a verb', async () => {
    const { code, out, err } = await cli([]);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /^Usage: beam-rewind /);
  });

  it('refuses an unknown verb', async () => {
    await refuses(
      ['recrod', 'clicks.py'],
      "error: unknown command 'recrod'\n(Did you mean record?)\nhint: see beam-rewind --help\n",
    );
  });

  it('refuses a verb without its file', async () => {
    for (const verb of ['sources', 'record', 'replay', 'cancel', 'show'])
      await refuses(
        [verb],
        `error: missing required argument 'FILE'\nhint: see beam-rewind ${verb} --help\n`,
      );
  });

  it("says where the program's arguments go", async () => {
    const hints = (verb: string) =>
      `hint: arguments of your program go after --: beam-rewind ${verb} FILE -- ARGS\nhint: see beam-rewind ${verb} --help\n`;
    await refuses(
      ['record', 'clicks.py', '--topic', 'x'],
      `error: unknown option '--topic'\n${hints('record')}`,
    );
    await refuses(
      ['replay', 'clicks.py', 'x'],
      `error: too many arguments for 'replay'. Expected 1 argument but got 2.\n${hints('replay')}`,
    );
    await refuses(
      ['show', 'clicks.py', '--topic'],
      "error: unknown option '--topic'\nhint: see beam-rewind show --help\n",
    );
  });

  it('refuses limits that are none', async () => {
    const refused = (flag: string, value: string, why: string) =>
      refuses(
        ['record', 'clicks.py', flag.split(' ')[0]!, value],
        `error: option '${flag}' argument '${value}' is invalid. "${value}" ${why}\nhint: see beam-rewind record --help\n`,
      );
    await refused(
      '--duration <time>',
      '60',
      'needs a unit (ms, s, m, h or d). Examples: 500ms, 60s, 5m, 1h30m.',
    );
    await refused('--max-size <size>', '-1GB', 'is negative. Examples: 1GB, 512MB, 64KiB, 1000.');
    await refused('--max-elements <n>', 'many', 'is not a count. Examples: 5000, 10k, 1M.');
  });

  it('refuses a backend that is neither prism nor an address', async () => {
    for (const backend of [
      'flink',
      'localhost',
      'localhost:0',
      'localhost:65536',
      'http://h:1',
      '',
    ])
      await refuses(
        ['record', 'clicks.py', '--backend', backend],
        `error: option '--backend <runner>' argument '${backend}' is invalid. Examples: prism, python-direct, localhost:8099.\nhint: see beam-rewind record --help\n`,
      );
  });

  it('accepts the address of a backend', async () => {
    const backends: string[] = [];
    for (const backend of [
      'localhost:8099',
      '127.0.0.1:1',
      '[::1]:8099',
      'flink.example.org:65535',
    ])
      await cli(['replay', 'clicks.py', '--backend', backend], {
        replayFile: (options) => {
          backends.push(options.backend);
          return Promise.resolve({ kind: 'cancelled' });
        },
      });
    assert.deepEqual(backends, [
      'localhost:8099',
      '127.0.0.1:1',
      '[::1]:8099',
      'flink.example.org:65535',
    ]);
  });
});

describe('FILE', () => {
  const verbs = ['sources', 'record', 'replay', 'status', 'cancel', 'clear', 'show'];

  for (const verb of verbs) {
    it(`${verb} refuses one that is missing`, async () => {
      await refuses([verb, 'rides.py'], 'error: no such file: rides.py\n');
      await refuses([verb, 'clicks.py/x.py'], 'error: no such file: clicks.py/x.py\n');
    });

    it(`${verb} refuses a folder`, async () => {
      await refuses([verb, '.'], 'error: . is a folder\nhint: name a pipeline file in it\n');
    });

    it(`${verb} refuses a language it does not read`, async () => {
      assert.deepEqual(await cli([verb, 'notes.txt'], { files: { 'notes.txt': '' } }), {
        code: 2,
        out: '',
        err: 'error: notes.txt is not in a language that Beam Rewind reads\nhint: name a file in Python, Go, Java, TypeScript or Beam YAML, or a notebook\n',
      });
    });
  }
});
