import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareJava } from '../../server/src/launch/java.js';
import { missingJavaTools } from '../integration/language/java.js';
import { withTemporaryFolder } from '../temporaryFolder.js';

const project = fileURLToPath(new URL('../fixtures/programs/java_ticks', import.meta.url));

/** Brings what the Java program of the tests depends on into Maven's repository; nothing where there is no Maven. */
export async function resolveJavaProgram(): Promise<void> {
  if (await missingJavaTools()) return;
  await withTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'src/main/java/ticks/Ticks.java');
    await cp(project, folder, { recursive: true });
    const { signal } = new AbortController();
    const program = await prepareJava({
      ...{ file, args: [], signal },
      onStep: () => undefined,
      onOutput: () => undefined,
    });
    await program.dispose();
  });
}
