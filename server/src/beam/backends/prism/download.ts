import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { binaryName, releaseName, type PrismRelease } from './release.js';
import { extractBinary } from './unzip.js';

/** The project's release archives. */
export const releasesUrl = 'https://github.com/apache/beam/releases/download';

const maxArchiveBytes = 300_000_000;
const maxRedirects = 5;
const timeoutMs = 15 * 60_000;

/** Address of a release's archive; its checksum has the same with `.sha512`. */
export function archiveUrl(release: PrismRelease, baseUrl = releasesUrl): string {
  return `${baseUrl}/v${release.version}/${releaseName(release)}.zip`;
}

/**
 * Downloads a release of Prism, compares its checksum and unpacks it.
 * @param folder gets the binary, only if all went well
 * @param baseUrl of the releases; https, but for this machine itself
 * @throws Error that names the address and what was wrong
 */
export async function downloadPrism(
  release: PrismRelease,
  folder: string,
  baseUrl = releasesUrl,
): Promise<void> {
  const url = archiveUrl(release, baseUrl);
  const signal = AbortSignal.timeout(timeoutMs);
  const expected = await fetchChecksum(`${url}.sha512`, signal);
  const archive = path.join(folder, 'download.zip');
  try {
    const actual = await fetchFile(url, archive, signal);
    if (actual !== expected) {
      throw new Error(
        `${url} is damaged or not the release, and was not used: its SHA-512 is ${actual}, not ${expected}.`,
      );
    }
    await extractBinary(archive, path.join(folder, binaryName(release)));
  } finally {
    await rm(archive, { force: true });
  }
}

async function fetchChecksum(url: string, signal: AbortSignal): Promise<string> {
  const text = await (await fetchSecurely(url, signal)).text();
  // As sha512sum writes it: the digest, then the file's name.
  const checksum = /^([0-9a-f]{128})(?:\s|$)/i.exec(text)?.[1];
  if (checksum === undefined) throw new Error(`${url} holds no SHA-512 checksum.`);
  return checksum.toLowerCase();
}

/** @returns the file's SHA-512 as hex */
async function fetchFile(url: string, file: string, signal: AbortSignal): Promise<string> {
  const response = await fetchSecurely(url, signal);
  if (!response.body) throw new Error(`${url} answered nothing.`);
  const hash = createHash('sha512');
  let bytes = 0;
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          bytes += chunk.byteLength;
          if (bytes > maxArchiveBytes)
            throw new Error(`it is larger than ${maxArchiveBytes} bytes`);
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(file),
    );
  } catch (error) {
    throw new Error(`The download of ${url} broke off after ${bytes} bytes: ${reason(error)}.`);
  }
  return hash.digest('hex');
}

/** Follows redirects itself, so that none leads to a connection others can change. */
async function fetchSecurely(address: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    assertSecure(url);
    let response: Response;
    try {
      response = await fetch(url, { redirect: 'manual', signal });
    } catch (error) {
      throw new Error(`Cannot reach ${url.host} for ${address}: ${reason(error)}.`);
    }
    const location = response.headers.get('location');
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw new Error(`${url.href} answered ${response.status} ${response.statusText}.`);
    }
    url = new URL(location, url);
  }
  throw new Error(`${address} redirects more than ${maxRedirects} times.`);
}

function assertSecure(url: URL): void {
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new Error(`${url.href} is not an https address, and nothing was read from it.`);
  }
}

/** The cause, where there is one: fetch itself only says "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
