import { fromBinary } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import { TestStreamPayload_EventSchema } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import type { Clock } from '../../../../server/src/replay/testStream/clock.js';
import { systemClock } from '../../../../server/src/replay/testStream/clock.js';
import { idleTimer } from '../../../../server/src/replay/testStream/idleTimer.js';
import { openTestStream } from '../../../../server/src/replay/testStream/openTestStream.js';
import type { TestStreamServer } from '../../../../server/src/replay/testStream/testStreamServer.js';
import { startTestStreamServer } from '../../../../server/src/replay/testStream/testStreamServer.js';
import { withTemporaryFolder } from '../../../temporaryFolder.js';
import { anOutput, elements, end, failOnDamage, watermark } from './logs.js';

const json = 'beam-rewind.json.v1';
const binary = 'beam-rewind.proto.v1';

function withServer(
  work: (server: TestStreamServer) => Promise<void>,
  clock: Clock = systemClock,
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const output = await anOutput(folder, 'A', [
      elements(0, [1, 'a']),
      watermark(0, 1),
      elements(2000, [2, 'b'], [3, 'c']),
      end(2000),
    ]);
    const server = await startTestStreamServer(
      {
        outputs: [
          { tag: 'A', pipeline: 'p', label: 'A', coder: 'bytes', elements: 3, isLive: false },
        ],
        open: (place, isWanted) => openTestStream([output], place, failOnDamage, isWanted),
        onError: failOnDamage,
      },
      idleTimer(clock, undefined, () => undefined),
      clock,
    );
    try {
      await work(server);
    } finally {
      await server.close();
    }
  });
}

interface Received {
  type: string;
  ordinal?: number;
  message?: string;
  event?: unknown;
}

/** A connected client and what it was told so far; binary events have the type `binary`. */
async function connect(server: TestStreamServer, protocol = json, options: ClientOptions = {}) {
  const headers = { authorization: `Bearer ${server.token}`, ...options.headers };
  const socket = new WebSocket(server.url, protocol, { ...options, headers });
  const told: Received[] = [];
  const bytes: Buffer[] = [];
  let look = (): void => undefined;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) bytes.push(data);
    told.push(isBinary ? { type: 'binary' } : (JSON.parse(data.toString()) as Received));
    look();
  });
  const closed = once(socket, 'close') as Promise<[code: number, reason: Buffer]>;
  // An error is followed by a close.
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return {
    socket,
    told,
    bytes,
    closed,
    say: (message: unknown) => {
      socket.send(JSON.stringify(message));
    },
    /** Waits until a message of a type was told. */
    until: (type: string) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (told.some((message) => message.type === type)) resolve();
        };
        look();
      }),
  };
}

/** HTTP status of an upgrade that is refused, or 101. */
function statusOf(
  server: TestStreamServer,
  headers: Record<string, string>,
  path = '/',
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const asked = request({
      port,
      host: '127.0.0.1',
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        'sec-websocket-protocol': json,
        ...headers,
      },
    });
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, body: '' });
    });
    asked.on('response', (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode, body });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the test stream server', () => {
  it('streams JSON', () =>
    withServer(async (server) => {
      const client = await connect(server);
      client.say({ type: 'start' });
      await client.until('end');
      assert.deepEqual(client.told.slice(0, 3), [
        {
          type: 'hello',
          unit: 'microseconds',
          outputs: [
            { tag: 'A', pipeline: 'p', label: 'A', coder: 'bytes', elements: 3, isLive: false },
          ],
        },
        { type: 'at', ordinal: 0, watermarks: {} },
        {
          type: 'event',
          ordinal: 0,
          event: { elementEvent: { elements: [{ encodedElement: 'YQ==', timestamp: '1000' }] } },
        },
      ]);
      client.say({ type: 'stop' });
      assert.equal((await client.closed)[0], 1000);
    }));

  it('streams binary events, and resumes from an ordinal after a reconnection', () =>
    withServer(async (server) => {
      const first = await connect(server, binary);
      first.say({ type: 'step' });
      first.say({ type: 'step' });
      await first.until('paused');
      first.socket.terminate();
      const second = await connect(server, binary);
      second.say({ type: 'start', from: { ordinal: 2 } });
      await second.until('end');
      const cases = [...first.bytes, ...second.bytes].map(
        (data) => fromBinary(TestStreamPayload_EventSchema, data).event.case,
      );
      assert.deepEqual(cases, [
        'elementEvent',
        'watermarkEvent',
        'processingTimeEvent',
        'elementEvent',
        'watermarkEvent',
      ]);
    }));

  it('keeps a place for each client', () =>
    withServer(async (server) => {
      const [one, other] = await Promise.all([connect(server), connect(server)]);
      one.say({ type: 'start', from: { ordinal: 3 } });
      other.say({ type: 'step' });
      await Promise.all([one.until('end'), other.until('paused')]);
      const ordinals = ({ told }: typeof one) =>
        told.filter(({ type }) => type === 'event').map(({ ordinal }) => ordinal);
      assert.deepEqual([ordinals(one), ordinals(other)], [[3, 4], [0]]);
    }));

  it('lets nobody in without its token', () =>
    withServer(async (server) => {
      const { token } = server;
      assert.equal(Buffer.from(token, 'base64url').length, 16);
      const nothing = { status: 401, body: '' };
      assert.deepEqual(await statusOf(server, {}), nothing);
      assert.deepEqual(await statusOf(server, { authorization: 'Bearer x' }), nothing);
      assert.deepEqual(await statusOf(server, { authorization: `Basic ${token}` }), nothing);
      const almost = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
      assert.deepEqual(await statusOf(server, { authorization: `Bearer ${almost}` }), nothing);
      assert.deepEqual(await statusOf(server, {}, `/?token=${almost}`), nothing);
      assert.deepEqual(await statusOf(server, {}, '/?token=%ff%'), nothing);
      assert.equal((await statusOf(server, {}, `/?token=${token}`)).status, 101);
      assert.equal((await statusOf(server, { authorization: `Bearer ${token}` })).status, 101);
    }));

  it('lets in no page of a browser and no other name of this machine', () =>
    withServer(async (server) => {
      const { port } = new URL(server.url);
      const ask = async (headers: Record<string, string>) =>
        (await statusOf(server, headers, `/?token=${server.token}`)).status;
      assert.equal(await ask({ origin: 'https://example.org' }), 403);
      assert.equal(await ask({ origin: 'null' }), 403);
      assert.equal(await ask({ origin: `https://localhost:${port}` }), 403);
      assert.equal(await ask({ host: `example.org:${port}` }), 403);
      assert.equal(await ask({ host: '127.0.0.1' }), 403);
      assert.equal(await ask({ host: `127.0.0.1:${port}.example.org` }), 403);
      assert.equal(await ask({ origin: `http://127.0.0.1:${port}` }), 101);
      assert.equal(
        await ask({ host: `localhost:${port}`, origin: `http://localhost:${port}` }),
        101,
      );
      assert.equal(await ask({ 'sec-websocket-protocol': 'chat' }), 400);
      assert.equal(await ask({ connection: 'close', upgrade: '' }), 426);
    }));

  it('survives what is not HTTP', () =>
    withServer(async (server) => {
      const { port } = new URL(server.url);
      const socket = connectSocket(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) % 256)));
      socket.resume();
      await once(socket, 'close');
      assert.equal((await connect(server)).socket.readyState, WebSocket.OPEN);
    }));

  it('answers what it does not understand, closes, and echoes nothing', () =>
    withServer(async (server) => {
      const refused: [message: string | Buffer, code: number][] = [
        ['SECRET', 1007],
        ['{"type":"SECRET"}', 1008],
        ['[]', 1008],
        ['null', 1008],
        ['{"type":"pause","SECRET":1}', 1008],
        ['{"type":"seek"}', 1008],
        ['{"type":"seek","to":{"ordinal":-1}}', 1008],
        ['{"type":"seek","to":{"ordinal":1,"eventTime":1}}', 1008],
        ['{"type":"seek","to":{"eventTime":"9223372036854775808"}}', 1008],
        ['{"type":"start","speed":0}', 1008],
        ['{"type":"start","speed":1e7}', 1008],
        ['{"type":"start","from":{"SECRET":1}}', 1008],
        [Buffer.from('{"type":"pause"}'), 1008],
      ];
      for (const [message, code] of refused) {
        const client = await connect(server);
        client.socket.send(message);
        assert.equal((await client.closed)[0], code, String(message));
        assert.deepEqual(
          client.told.map(({ type }) => type),
          ['hello', 'error'],
        );
        assert.doesNotMatch(JSON.stringify(client.told), /SECRET/);
      }
    }));

  it('closes on a message that is too large, on broken text and on broken frames', () =>
    withServer(async (server) => {
      const large = await connect(server);
      large.socket.send('x'.repeat(4097));
      assert.equal((await large.closed)[0], 1009);
      const text = await connect(server);
      text.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
      assert.equal((await text.closed)[0], 1007);
      const frame = await connect(server);
      const { _socket: raw } = frame.socket as unknown as { _socket: NodeJS.WritableStream };
      raw.write(Buffer.alloc(100, 0xff));
      assert.equal((await frame.closed)[0], 1002);
    }));

  it('closes on more than 100 messages in a second, and not on more seconds', async () => {
    let time = 0;
    const clock: Clock = { now: () => time, after: () => () => undefined };
    await withServer(async (server) => {
      const client = await connect(server);
      for (let message = 0; message < 100; message++) client.say({ type: 'pause' });
      while (client.told.length < 101) await once(client.socket, 'message');
      time = 1000;
      for (let message = 0; message < 101; message++) client.say({ type: 'pause' });
      assert.equal((await client.closed)[0], 1008);
      assert.equal(client.told.filter(({ type }) => type === 'paused').length, 200);
    }, clock);
  });

  it('takes 32 clients, and another when one has left', () =>
    withServer(async (server) => {
      const clients = await Promise.all(Array.from({ length: 32 }, () => connect(server)));
      const headers = { authorization: `Bearer ${server.token}` };
      assert.deepEqual(await statusOf(server, headers), { status: 503, body: '' });
      clients[0]!.say({ type: 'stop' });
      await clients[0]!.closed;
      // The server may see the end of the connection a moment later.
      while ((await statusOf(server, headers)).status !== 101);
    }));

  it('says goodbye to its clients when it is closed', () =>
    withServer(async (server) => {
      const client = await connect(server);
      assert.equal(server.isRunning, true);
      await server.close();
      assert.equal(server.isRunning, false);
      assert.equal((await client.closed)[0], 1001);
      await assert.rejects(statusOf(server, {}), /ECONNREFUSED/);
    }));
});
