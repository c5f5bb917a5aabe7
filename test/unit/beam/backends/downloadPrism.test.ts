import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { archiveUrl, downloadPrism } from '../../../../server/src/beam/backends/prism/download.js';
import { releaseName } from '../../../../server/src/beam/backends/prism/release.js';

const release = { version: '2.77.0', os: 'linux', arch: 'amd64' };
const binary = Buffer.from('the binary');
const archive = Buffer.from(zipSync({ [releaseName(release)]: binary }));
const sha512 = createHash('sha512').update(archive).digest('hex');

describe('downloadPrism', () => {
  let folder: string;
  const servers: Server[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'download-prism-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** Serves on this machine. @returns the address of the root, with the host as given */
  async function serve(handler: RequestListener, host = '127.0.0.1'): Promise<string> {
    const server = createServer(handler).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    assert(address !== null && typeof address === 'object');
    return `http://${host}:${address.port}`;
  }

  /** A server of releases: the checksum at the usual place, the archive as `handler` has it. */
  const serveRelease = (handler: RequestListener, checksum = `${sha512}  prism.zip\n`) =>
    serve((request, response) => {
      if (request.url?.endsWith('.sha512')) response.end(checksum);
      else handler(request, response);
    });

  async function assertRefused(baseUrl: string, message: RegExp) {
    await assert.rejects(downloadPrism(release, folder, baseUrl), message);
    assert.deepEqual(await readdir(folder), []);
  }

  it("unpacks the release's archive as an executable", async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.end(request.url?.endsWith('.sha512') ? sha512.toUpperCase() : archive);
    });
    await downloadPrism(release, folder, url);
    assert.deepEqual(await readFile(path.join(folder, 'prism')), binary);
    assert.equal((await stat(path.join(folder, 'prism'))).mode & 0o111, 0o111);
    assert.deepEqual(await readdir(folder), ['prism']);
    assert.deepEqual(asked, [
      '/v2.77.0/apache_beam-v2.77.0-prism-linux-amd64.zip.sha512',
      '/v2.77.0/apache_beam-v2.77.0-prism-linux-amd64.zip',
    ]);
  });

  it("asks the project's releases on GitHub", () => {
    assert.equal(
      archiveUrl(release),
      'https://github.com/apache/beam/releases/download/v2.77.0/apache_beam-v2.77.0-prism-linux-amd64.zip',
    );
  });

  it('follows a redirect to another host', async () => {
    const store = await serve((_request, response) => response.end(archive), 'localhost');
    const url = await serveRelease((_request, response) => {
      response.writeHead(302, { location: `${store}/blob` }).end();
    });
    await downloadPrism(release, folder, url);
    assert.deepEqual(await readFile(path.join(folder, 'prism')), binary);
  });

  it('refuses a redirect to a connection others can change', async () => {
    const url = await serveRelease((_request, response) => {
      response.writeHead(302, { location: 'http://example.invalid/blob' }).end();
    });
    await assertRefused(url, /http:\/\/example\.invalid\/blob is not an https address/);
  });

  it('gives up on redirects that do not end', async () => {
    const url = await serveRelease((request, response) => {
      response.writeHead(302, { location: request.url }).end();
    });
    await assertRefused(url, /redirects more than 5 times/);
  });

  it('refuses an archive whose checksum is another', async () => {
    const other = Buffer.from(zipSync({ prism: Buffer.from('something else') }));
    const url = await serveRelease((_request, response) => response.end(other));
    await assertRefused(url, /damaged or not the release, and was not used: its SHA-512 is/);
  });

  it('refuses a release without a checksum', async () => {
    const url = await serveRelease((_request, response) => response.end(archive), '<html>');
    await assertRefused(url, /\.sha512 holds no SHA-512 checksum/);
  });

  it('says that there is no such release', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end());
    await assertRefused(url, /\.zip\.sha512 answered 404 Not Found/);
  });

  it('says that the download broke off', async () => {
    const url = await serveRelease((_request, response) => {
      response.writeHead(200, { 'content-length': archive.length });
      response.write(archive.subarray(0, 50), () => response.destroy());
    });
    await assertRefused(url, /The download of .*\.zip broke off after \d+ bytes/);
  });
});
