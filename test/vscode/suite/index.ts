import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordResults, resultsVariable } from '../../results.js';

/** Called by VS Code in its extension host: runs the tests that lie beside the bundle of this file. */
export async function run(): Promise<void> {
  const results = process.env[resultsVariable];
  if (!results) throw new Error(`The environment variable ${resultsVariable} names no file.`);
  // Imported here since mocha is an ES module and this is bundled to CommonJS, as VS Code loads it.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout: 60_000,
    // Each test starts from what the one before left in the editor.
    bail: true,
    forbidOnly: true,
  });
  for (const name of readdirSync(__dirname)
    .filter((name) => name.endsWith('.test.cjs'))
    .sort()) {
    mocha.addFile(join(__dirname, name));
  }
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    recordResults(runner, results);
  });
}
