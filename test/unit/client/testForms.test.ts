import assert from 'node:assert/strict';
import { formsFor, proposedPath } from '../../../client/src/testForms.js';
import { testFileNames, testFormats } from '../../../server/src/exportedTests/testFormats.js';
import { testForms } from '../../../server/src/protocol.js';

describe('forms of exported tests', () => {
  it('are those that there are, those in the language of the file first', () => {
    assert.deepEqual(testForms.map(({ id }) => id).sort(), [...testFormats].sort());
    const first = (file: string) => formsFor(file)[0]?.id;
    assert.equal(first('/p/clicks.py'), 'python-pytest');
    assert.equal(first('/p/clicks.yaml'), 'python-pytest');
    assert.equal(first('/p/Clicks.java'), 'java-junit');
    assert.equal(first('/p/main.go'), 'go-test');
  });

  it('are proposed where such tests are looked for', () => {
    assert.equal(proposedPath('/p/my-clicks.py', 'python-pytest'), '/p/test_my_clicks.py');
    assert.equal(
      proposedPath('/p/src/main/java/com/Clicks.java', 'java-junit'),
      '/p/src/test/java/com/ClicksTest.java',
    );
    assert.equal(proposedPath('/p/main.go', 'go-test'), '/p/main_recorded_test.go');
    for (const file of ['/p/main.go', '/p/clicks.py', '/p/1.py', '/p/src/main/java/Clicks.java'])
      for (const format of testFormats)
        assert.match(
          proposedPath(file, format).split('/').at(-1) ?? '',
          testFileNames[format].pattern,
        );
  });
});
