// A process that records bundle after bundle and says which were acknowledged, or that takes recordings over.
import { setImmediate } from 'node:timers/promises';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { recoverRecording } from '../../../server/src/recording/recoverRecording.js';
import { listRecordings } from '../../../server/src/recording/store.js';
import { bundleOf, newRecording } from './recordings.js';

const [task = '', store = '', id = '', bundles = '1000000'] = process.argv.slice(2);
if (task === 'record') {
  const writer = await openRecording(store, newRecording(id), {}, 'coder');
  for (let number = 1; number <= Number(bundles); number++) {
    writer.addElements(bundleOf(number, 5), String(number));
    writer.addElements(bundleOf(number, 5), String(number));
    // Half of them are written before they end.
    if (number % 2 === 0) await writer.flush();
    writer.endBundle(String(number), true);
    await writer.flush();
    console.log(number);
    await setImmediate();
  }
  await writer.end('source finished');
} else {
  for (const recording of await listRecordings(store)) {
    console.log(JSON.stringify(await recoverRecording(store, recording)));
  }
}
