/** What the entry of the tests tells the tests that click. */
export interface UiEnvironment {
  /** The packaged extension. */
  vsix: string;
  workspace: string;
  /** Folder for screenshots and logs. */
  artifacts: string;
}

const variable = 'BEAM_REWIND_TEST_UI';

export function setUiEnvironment(environment: UiEnvironment): void {
  process.env[variable] = JSON.stringify(environment);
}

/** @throws Error when the tests were not started by test/vscode/run.ts */
export function uiEnvironment(): UiEnvironment {
  const text = process.env[variable];
  if (!text) throw new Error('Run these tests by `npm run test:vscode`.');
  return JSON.parse(text) as UiEnvironment;
}
