import { build } from 'esbuild';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Bundles the suite as VS Code loads it: one CommonJS file for the entry and one for each test file.
 * @returns path of the entry, to be given as `extensionTestsPath`
 */
export async function bundleSuite(outputFolder: string): Promise<string> {
  const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts'));
  await rm(outputFolder, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', ...names].map((name) => join(import.meta.dirname, name)),
    outdir: outputFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(outputFolder, 'index.cjs');
}
