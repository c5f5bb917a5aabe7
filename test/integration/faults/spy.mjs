// Preloaded (`node --import`) into a process that records. Writes down, as they pass, the elements that the runner sends to
// our worker and the answers that acknowledge them; and breaks one of the worker's streams when it gets SIGUSR2.
// witness.ts reads what it writes.
import { appendFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';

const witness = process.env.BEAM_REWIND_WITNESS;
const toBreak = process.env.BEAM_REWIND_BREAK;
const fn = '/org.apache.beam.model.fn_execution.v1.';
writeFileSync(witness, '');

const open = {};
process.on('SIGUSR2', () => open[toBreak]?.());

const connect = http2.connect;
http2.connect = (authority, options, ...rest) => {
  let socket;
  const createConnection = (...args) => (socket = options.createConnection(...args));
  const session = connect(authority, { ...options, createConnection }, ...rest);
  const request = session.request;
  session.request = function (headers, ...more) {
    const stream = request.call(this, headers, ...more);
    const path = headers[':path'];
    if (path === `${fn}BeamFnData/Data`) {
      const note = messages((message) => write('E', message));
      const emit = stream.emit;
      stream.emit = function (event, ...values) {
        if (event === 'data') note(values[0]);
        return emit.call(this, event, ...values);
      };
      open['data stream'] = () => stream.destroy(new Error('broken by a test'));
    }
    if (path === `${fn}BeamFnControl/Control`) {
      const note = messages((message) => write('A', message));
      const pass = stream.write;
      // Written down before it is on its way: what the runner may know of is never missing.
      stream.write = function (chunk, ...values) {
        note(chunk);
        return pass.call(this, chunk, ...values);
      };
      open['control stream'] = () => stream.destroy(new Error('broken by a test'));
      open['connection'] = () => socket.destroy();
    }
    return stream;
  };
  return session;
};

/** Takes gRPC's frames apart: a byte, the length of the message, the message. */
function messages(onMessage) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      onMessage(rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  };
}

function write(kind, message) {
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeUInt32BE(message.length, 1);
  appendFileSync(witness, Buffer.concat([head, message]));
}
