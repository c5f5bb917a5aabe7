import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder to open in VS Code: a copy of the example pipelines, with settings that run them by `python` and end
 * recordings at `maxElements`. The caller deletes it.
 */
export async function createWorkspace(
  examples: string,
  python: string,
  maxElements: number,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beam-rewind-workspace-'));
  for (const name of await readdir(examples)) {
    if (name.endsWith('.py')) await cp(join(examples, name), join(folder, name));
  }
  await mkdir(join(folder, '.vscode'));
  await writeFile(
    join(folder, '.vscode/settings.json'),
    JSON.stringify(
      {
        'beamRewind.python.interpreter': python,
        'beamRewind.limits.elements': maxElements,
        'beamRewind.store': '.recordings',
      },
      null,
      2,
    ),
  );
  return folder;
}
