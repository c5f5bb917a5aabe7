import { createWriteStream } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Starts Chromium without a display. It ends with this process. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--force-color-profile=srgb',
    ],
  });
}

/** A fresh page that reaches this machine only; its console goes to `logFile`. */
export async function openPage(browser: Browser, logFile: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 2,
  });
  await context.route(
    (url) =>
      /^https?:$/.test(url.protocol) && !/(^|\.)(127\.0\.0\.1|localhost)$/.test(url.hostname),
    (route) => route.abort(),
  );
  const page = await context.newPage();
  const log = createWriteStream(logFile, { flags: 'a' });
  page.on('console', (message) => log.write(`${message.type()} ${message.text()}\n`));
  page.on('pageerror', (error) => log.write(`page error ${error.stack ?? error.message}\n`));
  page.on('close', () => log.end());
  return page;
}
