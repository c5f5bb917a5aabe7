import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Takes an export piece by piece. Resolves when there is room for more. */
export type Write = (piece: string | Uint8Array) => Promise<void>;

/** Pieces are gathered up to so many bytes. */
const bufferBytes = 1 << 20;

/**
 * Writes a file that is there as a whole or not at all: under a temporary name beside it, renamed at the end.
 * Its mode is the user's default, since an export is theirs to pass on.
 * @throws Error if the file exists and may not be replaced (its code is EEXIST), or is no file
 */
export async function writeWholeFile(
  file: string,
  mayReplace: boolean,
  work: (write: Write) => Promise<void>,
): Promise<void> {
  await checkTarget(file, mayReplace);
  const name = `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(file), name);
  const handle = await open(temporary, 'wx');
  let buffered: Uint8Array[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    // A copy: whoever wrote a piece may use its bytes again.
    const all = Buffer.concat(buffered);
    buffered = [];
    bytes = 0;
    for (let at = 0; at < all.length;) at += (await handle.write(all, at)).bytesWritten;
  };
  try {
    try {
      await work(async (piece) => {
        const part = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
        buffered.push(part);
        bytes += part.length;
        if (bytes >= bufferBytes) await flush();
      });
      await flush();
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function checkTarget(file: string, mayReplace: boolean): Promise<void> {
  let target;
  try {
    target = await lstat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (!target.isFile() && !target.isSymbolicLink()) throw new Error(`${file} is not a file.`);
  if (!mayReplace) throw Object.assign(new Error(`${file} exists already.`), { code: 'EEXIST' });
}
