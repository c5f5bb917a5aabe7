import { join } from 'node:path';
import { launchBrowser, openPage } from '../host/browser.js';
import { findChromium } from '../host/chromium.js';
import { installVscodeServer } from '../host/install.js';
import type { RunningServer } from '../host/server.js';
import { startServer } from '../host/server.js';
import { Workbench } from './workbench.js';

export interface VscodeWindow {
  workbench: Workbench;
  server: RunningServer;
  /** Keeps a picture of the window as `<name>.png` among the test artefacts. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** VS Code with a packaged extension installed, in a browser page that shows `workspace`. */
export async function openWindow(
  vsix: string,
  workspace: string,
  artifacts: string,
): Promise<VscodeWindow> {
  const chromium = await findChromium(console.log);
  const server = await startServer(await installVscodeServer(console.log), {
    dataFolder: join(artifacts, 'ui-data'),
    logFile: join(artifacts, 'ui-server.log'),
    vsix,
    smokeTest: false,
  });
  const browser = await launchBrowser(chromium);
  const page = await openPage(browser, join(artifacts, 'ui-console.log'));
  await page.goto(server.url(workspace));
  return {
    workbench: new Workbench(page),
    server,
    async screenshot(name) {
      await page.screenshot({ path: join(artifacts, `${name}.png`), animations: 'disabled' });
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
