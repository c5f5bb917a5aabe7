import Mocha from 'mocha';
import { recordResults, resultsVariable } from './results.js';

/** mocha's spec reporter, which also records the results for test/run.ts. */
export default class RecordingSpecReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env[resultsVariable];
    if (file) recordResults(runner, file);
  }
}
