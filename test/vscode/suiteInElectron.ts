import { runTests } from '@vscode/test-electron';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import type { SuiteRun } from './suiteInServer.js';

/**
 * Runs the same suite in the desktop build of VS Code.
 * @param executable an installed VS Code; the latest stable one is downloaded when absent
 * @throws Error when VS Code reports a failure
 */
export async function runSuiteInElectron(
  { extension, suite, workspace, environment }: Omit<SuiteRun, 'artifacts' | 'timeoutMs'>,
  executable?: string,
): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'beam-rewind-'));
  try {
    await runTests({
      ...(executable ? { vscodeExecutablePath: executable } : {}),
      cachePath: join(cacheFolder(), 'vscode'),
      extensionDevelopmentPath: extension,
      extensionTestsPath: suite,
      extensionTestsEnv: environment,
      launchArgs: [
        workspace,
        '--disable-extensions',
        ...['--user-data-dir', join(dataFolder, 'user')],
        ...['--extensions-dir', join(dataFolder, 'extensions')],
      ],
    });
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}
