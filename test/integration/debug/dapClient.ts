import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

interface Message {
  seq: number;
  type: 'request' | 'response' | 'event';
  command?: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: unknown;
}

/** A client of the Debug Adapter Protocol: enough to stop in a program, look and go on. */
export interface DapClient {
  request(command: string, args?: object): Promise<unknown>;
  /** The next event of that name, or one that nobody has taken yet. */
  event(name: string): Promise<unknown>;
  close(): void;
}

export async function connectDap(host: string, port: number): Promise<DapClient> {
  const socket: Socket = connect(port, host);
  await once(socket, 'connect');
  let seq = 0;
  let received = Buffer.alloc(0);
  const answers = new Map<number, (answer: Message) => void>();
  const events: Message[] = [];
  const waiting = new Set<() => void>();
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const head = received.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(received.toString('latin1', 0, head))?.[1],
      );
      if (head === -1 || received.length < head + 4 + length) break;
      const text = received.toString('utf8', head + 4, head + 4 + length);
      received = received.subarray(head + 4 + length);
      onMessage(JSON.parse(text) as Message);
    }
  });

  function onMessage(message: Message): void {
    if (message.type === 'response') answers.get(message.request_seq ?? 0)?.(message);
    if (message.type !== 'event') return;
    events.push(message);
    for (const look of waiting) look();
  }

  return {
    request(command, args = {}) {
      const own = ++seq;
      const text = JSON.stringify({ seq: own, type: 'request', command, arguments: args });
      socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      return new Promise((resolve, reject) => {
        answers.set(own, ({ success, message, body }) => {
          if (success) resolve(body);
          else reject(new Error(`${command}: ${message ?? 'failed'}`));
        });
      });
    },
    event(name) {
      return new Promise((resolve) => {
        const look = (): void => {
          const index = events.findIndex(({ event }) => event === name);
          if (index === -1) return;
          waiting.delete(look);
          resolve(events.splice(index, 1)[0]?.body);
        };
        waiting.add(look);
        look();
      });
    },
    close() {
      socket.destroy();
    },
  };
}
