import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { IndexThread } from '../../../server/src/features/indexThread.js';
import { createIndexThread } from '../../../server/src/features/indexThread.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';

function script(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** The thread as it is, of TypeScript. */
function worker(): URL {
  const { resolve } = createRequire(import.meta.url);
  const tsx = pathToFileURL(resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')).href;
  const source = pathToFileURL(path.resolve('server/src/indexWorker.ts')).href;
  return script(`import { register } from '${tsx}'; register(); await import('${source}');`);
}

describe('the thread of the index', () => {
  let thread: IndexThread | undefined;

  function startThread(url: URL): IndexThread {
    return (thread = createIndexThread(url));
  }

  afterEach(() => {
    thread?.close();
  });

  it('finds the sources of files, through what they import', () =>
    withTemporaryFolder(async (folder) => {
      const started = startThread(worker());
      const put = async (name: string, text: string): Promise<string> => {
        const file = path.join(folder, name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
        return file;
      };
      await put('own/reads.py', 'import apache_beam as beam\nRead = beam.io.ReadFromPubSub\n');
      const file = await put(
        'main.py',
        [
          'import apache_beam as beam',
          'from own.reads import Read',
          'with beam.Pipeline() as p:',
          "  p | 'Clicks' >> Read(topic='projects/p/topics/t')",
        ].join('\n'),
      );
      const other = await put('other.py', 'print("beam")\n');
      const folders = [folder];
      const [found, none, missing] = [
        await started.find({ file, folders }),
        await started.find({ file: other, folders }),
        await started.find({ file: path.join(folder, 'gone.py'), folders }),
      ];
      assert.deepEqual(
        found.map(({ label, transformName, range }) => [label, transformName, range.start.line]),
        [['Clicks', 'ReadFromPubSub', 3]],
      );
      assert.deepEqual([none, missing], [[], []]);
    }));

  it('fails for the file that it ends with, and is started again for the next', async () => {
    const text = `
      const { parentPort } = await import('node:worker_threads');
      parentPort.on('message', ({ file }) => {
        if (file === 'bad') process.exit(1);
        parentPort.postMessage(file === 'odd' ? { error: 'odd' } : { sources: [] });
      });`;
    const started = startThread(script(text));
    const find = (file: string) => started.find({ file, folders: [] });
    await assert.rejects(find('bad'), /The thread ended/);
    assert.deepEqual(await find('good'), []);
    await assert.rejects(find('odd'), /odd/);
  });

  it('fails when it is closed meanwhile', async () => {
    const started = startThread(script('setInterval(() => undefined, 1000);'));
    const found = started.find({ file: 'a.py', folders: [] });
    started.close();
    await assert.rejects(found, /The thread ended/);
  });
});
