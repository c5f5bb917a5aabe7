// A client that reads a test stream to its end and prints how long that took: URL TOKEN SUBPROTOCOL START
import { WebSocket } from 'ws';

/** Milliseconds after the request. */
export interface Received {
  totalMs: number;
  firstMs: number;
}

const [url = '', token = '', protocol = '', start = ''] = process.argv.slice(2);
const socket = new WebSocket(url, protocol, { headers: { authorization: `Bearer ${token}` } });
let asked = 0;
let firstMs = 0;
socket.on('open', () => {
  asked = performance.now();
  socket.send(start);
});
socket.on('message', (data: Buffer, isBinary) => {
  const head = isBinary ? '' : data.subarray(0, 20).toString();
  if ((isBinary || head.startsWith('{"type":"event"')) && firstMs === 0) {
    firstMs = performance.now() - asked;
  }
  if (!head.startsWith('{"type":"end"')) return;
  const received: Received = { totalMs: performance.now() - asked, firstMs };
  console.log(JSON.stringify(received));
  socket.close();
});
