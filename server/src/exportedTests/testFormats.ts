import { goTest } from './go/goTest.js';
import { javaJunit } from './java/junit.js';
import { pythonPytest } from './python/pytest.js';
import { pythonUnittest } from './python/unittest.js';
import type { RecordedTest } from './recordedTest.js';
import type { ExportedTest, TestTarget } from './source.js';

/** What a recording can be written as, to be run in the author's own test suite. */
export const testFormats = ['python-unittest', 'python-pytest', 'java-junit', 'go-test'] as const;
export type TestFormat = (typeof testFormats)[number];

/** The text of a test by its format. @throws Error for what its language has no test for, saying what to do */
export const testSources: Record<
  TestFormat,
  (test: RecordedTest, target: TestTarget) => ExportedTest
> = {
  'python-unittest': pythonUnittest,
  'python-pytest': pythonPytest,
  'java-junit': javaJunit,
  'go-test': goTest,
};

/** What the file of a test may be called, so that it is found and compiles. */
export const testFileNames: Record<TestFormat, { pattern: RegExp; example: string }> = {
  'python-unittest': { pattern: /\.py$/, example: 'test_clicks.py' },
  'python-pytest': { pattern: /\.py$/, example: 'test_clicks.py' },
  'java-junit': { pattern: /^[A-Za-z_]\w*\.java$/, example: 'ClicksTest.java' },
  'go-test': { pattern: /_test\.go$/, example: 'clicks_test.go' },
};

/** Where the elements of a long test are, beside it. */
export const testDataFiles: Record<TestFormat, (file: string) => string> = {
  'python-unittest': (file) => file.replace(/\.py$/, '.events.txt'),
  'python-pytest': (file) => file.replace(/\.py$/, '.events.txt'),
  'java-junit': (file) => file.replace(/\.java$/, 'Events.java'),
  'go-test': (file) => file.replace(/_test\.go$/, '_events_test.go'),
};
