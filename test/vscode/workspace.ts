import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a folder to open in VS Code: a copy of the example pipelines and of a notebook, with settings that run them by `python` and end
 * recordings at `maxElements`.
 */
export async function createWorkspace(
  folder: string,
  { examples, python, maxElements }: { examples: string; python: string; maxElements: number },
): Promise<string> {
  await mkdir(join(folder, '.vscode'), { recursive: true });
  for (const name of await readdir(examples)) {
    if (name.endsWith('.py')) await cp(join(examples, name), join(folder, name));
  }
  const notebook = join(import.meta.dirname, '../fixtures/programs/clicks.ipynb');
  await cp(notebook, join(folder, 'clicks.ipynb'));
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
