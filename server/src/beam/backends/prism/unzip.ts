import { readFile, writeFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';

/** Prism of 2.77 has 45 MB stripped, 70 MB not. */
const maxBinaryBytes = 500_000_000;

/** Whether the file begins as a zip archive does. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
}

/**
 * Writes the only file of an archive as an executable. Its name in the archive does not matter.
 * @throws Error when the archive is damaged or holds anything else than one file
 */
export async function extractBinary(archive: string, target: string): Promise<void> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(await readFile(archive), {
      filter: ({ name, originalSize }) => !name.endsWith('/') && originalSize <= maxBinaryBytes,
    });
  } catch (error) {
    throw new Error(`${archive} is a damaged zip archive: ${String(error)}`);
  }
  const [binary, another] = Object.values(files);
  if (!binary || another) {
    throw new Error(`${archive} is not an archive of one Prism binary.`);
  }
  await writeFile(target, binary, { mode: 0o755 });
}
