import { once } from 'node:events';
import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { newToken, refusalOf } from './admission.js';
import type { ServedStream } from './clientConnection.js';
import { serveClient, subprotocols } from './clientConnection.js';
import type { Clock } from './clock.js';
import type { IdleTimer } from './idleTimer.js';

/** The longest message of a client, bytes. */
const maxMessageBytes = 4096;
const maxClients = 32;
/** Connections that are not admitted, or not yet. */
const maxStrangers = 32;
/** How long a client may take to say who it is, or to answer that the server stops, ms. */
const patienceMs = 5000;

/** A running WebSocket server of a test stream. */
export interface TestStreamServer {
  /** `ws://127.0.0.1:port/`. */
  readonly url: string;
  /** What a client has to show; for the eyes of the same user only. */
  readonly token: string;
  readonly isRunning: boolean;
  /** Ends all connections and frees the port; resolves when nothing is left. */
  close: () => Promise<void>;
}

/** Serves a test stream on 127.0.0.1 and a random port, to clients that have its token. */
export async function startTestStreamServer(
  stream: ServedStream,
  idle: IdleTimer,
  clock: Clock,
): Promise<TestStreamServer> {
  const token = newToken();
  const http = createServer({ requestTimeout: patienceMs, headersTimeout: patienceMs });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
  });
  http.maxConnections = maxClients + maxStrangers;
  http.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  let isRunning = true;
  const served = new Set<Promise<void>>();
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const refusal = refusalOf(request, port, token);
    if (refusal) refuse(socket, refusal);
    else if (!isRunning || sockets.clients.size >= maxClients) refuse(socket, 503);
    else if (!subprotocols.some((name) => offered.includes(name))) refuse(socket, 400);
    else {
      sockets.handleUpgrade(request, socket, head, (client) => {
        const leave = idle.enter();
        const serving = serveClient(client, socket, stream, clock).then(() => {
          leave();
          served.delete(serving);
        });
        served.add(serving);
      });
    }
  });

  return {
    url: `ws://127.0.0.1:${port}/`,
    token,
    get isRunning() {
      return isRunning;
    },
    async close() {
      isRunning = false;
      for (const client of sockets.clients) client.close(1001);
      const impatience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, patienceMs);
      const closed = http.listening ? once(http, 'close') : undefined;
      http.close();
      http.closeAllConnections();
      await Promise.all([closed, ...served]);
      clearTimeout(impatience);
    },
  };
}

/** Answers with a status and nothing else, and hangs up. */
function refuse(socket: Duplex, status: 400 | 401 | 403 | 503): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
