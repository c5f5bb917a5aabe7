import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
// What VS Code has built in; ours is taken from package.json.
const grammars = ['yaml', 'python', 'java', 'javascript', 'sql'].flatMap((name) => [
  '-g',
  require.resolve(`tm-grammars/grammars/${name}.json`),
]);

/** Runs one of vscode-tmgrammar-test's programs; what it prints says what differs. */
async function check(program: string, ...args: string[]): Promise<void> {
  const script = require.resolve(`vscode-tmgrammar-test/dist/${program}.js`);
  try {
    await run(process.execPath, [script, ...grammars, ...args]);
  } catch (error) {
    throw new Error(String((error as { stdout?: string }).stdout ?? error), { cause: error });
  }
}

describe('The grammar of Beam YAML', function () {
  this.timeout(60_000);

  it('gives scopes to the words of Beam, and to the code in it', async () => {
    await check('unit', 'test/unit/syntaxes/cases/*.yaml');
  });

  it('gives whole files the scopes they had: UPDATE_FIXTURES=1 writes them again', async () => {
    const update = process.env['UPDATE_FIXTURES'] === '1' ? ['-u'] : [];
    await check('snapshot', '-s', 'source.yaml', ...update, 'test/unit/syntaxes/snapshots/*.yaml');
  });
});
