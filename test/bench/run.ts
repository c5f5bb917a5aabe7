// `npm run bench`: figures to compare with those of another commit on the same machine; nothing is asserted.
import { analysis } from './analysis.js';
import { recordingPath } from './recordingPath.js';
import { testStream } from './testStream.js';

for (const bench of [recordingPath, testStream, analysis]) console.log(await bench());
