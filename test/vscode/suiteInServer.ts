import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { format } from 'node:util';
import { launchBrowser, openPage } from './host/browser.js';
import { findChromium } from './host/chromium.js';
import { installVscodeServer } from './host/install.js';
import { startServer } from './host/server.js';

export interface SuiteRun {
  /** Folder of the extension under development. */
  extension: string;
  /** The suite's entry, see bundleSuite. */
  suite: string;
  /** The workspace to open. */
  workspace: string;
  /** Environment variables for the suite. */
  environment: Record<string, string>;
  /** Logs and, should it come to that, a screenshot of what was seen last are left here. */
  artifacts: string;
  timeoutMs: number;
}

/**
 * Runs a mocha suite in the extension host of the server build of VS Code, shown by Chromium. An extension host that
 * crashes counts as success for VS Code: only results with an end are to be believed.
 * @throws Error when VS Code reports a failure, or nothing in time
 */
export async function runSuiteInServer(
  { extension, suite, workspace, environment, artifacts, timeoutMs }: SuiteRun,
  progress: (step: string) => void,
): Promise<void> {
  const vscode = await installVscodeServer(progress);
  const chromium = await findChromium(progress);
  const server = await startServer(vscode, {
    dataFolder: join(artifacts, 'suite-data'),
    logFile: join(artifacts, 'suite-server.log'),
    smokeTest: true,
  });
  const log = createWriteStream(join(artifacts, 'suite-window.log'));
  const browser = await launchBrowser(chromium);
  try {
    const page = await openPage(browser, join(artifacts, 'suite-console.log'));
    // The two functions through which VS Code's web workbench reports on a test run.
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      log.write(`${type} ${format(...args)}\n`);
    });
    const exited = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.goto(
      server.url(workspace, [
        ['extensionDevelopmentPath', server.remoteUri(extension)],
        ['extensionTestsPath', server.remoteUri(suite)],
        ['extensionEnvironment', JSON.stringify(environment)],
      ]),
    );
    const exitCode = await Promise.race([
      exited,
      delay(timeoutMs, 'late' as const, { ref: false }),
    ]);
    if (exitCode !== 0) await page.screenshot({ path: join(artifacts, 'suite-failed.png') });
    if (exitCode === 'late') {
      throw new Error(`The suite in VS Code did not end within ${timeoutMs / 1000} s.`);
    }
    if (exitCode !== 0) throw new Error(`The suite in VS Code ended with exit code ${exitCode}.`);
  } finally {
    await browser.close();
    log.end();
    await server.stop();
  }
}
