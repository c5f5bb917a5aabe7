// `npm run bench [NAME…]`: figures to compare with those of another commit on the same machine; nothing is asserted.
import { analysis } from './analysis.js';
import { interactiveBeam } from './interactiveBeam.js';
import { coldStart } from './languageServer/coldStart.js';
import { editRoundTrip } from './languageServer/editRoundTrip.js';
import { growth } from './languageServer/growth.js';
import { workspace } from './languageServer/workspace.js';
import { longRecording } from './longRecording.js';
import { recordingPath } from './recordingPath.js';
import { replayOnPrism } from './replayOnPrism.js';
import { testStream } from './testStream.js';
import { testStreamService } from './testStreamService.js';

const benches = {
  recordingPath,
  longRecording,
  interactiveBeam,
  testStream,
  testStreamService,
  replayOnPrism,
  analysis,
  editRoundTrip,
  coldStart,
  workspace,
  growth,
};
const names = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches))
  if (names.length === 0 || names.includes(name)) console.log(await bench());
