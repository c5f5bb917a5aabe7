// Prints the events of a served recording: npx tsx examples/testStreamClient.ts URL TOKEN_FILE
import { readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';

const [url = '', tokenFile = ''] = process.argv.slice(2);
const token = await readFile(tokenFile, 'utf8');
const socket = new WebSocket(url, 'beam-rewind.json.v1', {
  headers: { authorization: `Bearer ${token}` },
});
socket.on('open', () => {
  socket.send(JSON.stringify({ type: 'start', from: { ordinal: 0 }, speed: 'max' }));
});
socket.on('message', (data: Buffer) => {
  const message = JSON.parse(data.toString()) as { type: string; ordinal: number; event?: object };
  if (message.type === 'event') console.log(message.ordinal, JSON.stringify(message.event));
  if (message.type === 'end') socket.send(JSON.stringify({ type: 'stop' }));
});
socket.on('close', (code) => {
  process.exitCode = code === 1000 ? 0 : 1;
});
