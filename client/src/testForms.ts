import path from 'node:path';
import type { TestForm } from '../../server/src/protocol.js';
import { testForms } from '../../server/src/protocol.js';

/** The forms of tests, those in the language of a pipeline file first. */
export function formsFor(file: string): TestForm[] {
  const extension = path.extname(file).slice(1);
  const own = extension === 'java' || extension === 'go' ? extension : 'py';
  return [...testForms].sort((a, b) => Number(b.extension === own) - Number(a.extension === own));
}

/** Where the tests of a pipeline file usually are, and what they are called; the user may choose another place. */
export function proposedPath(file: string, form: TestForm['id']): string {
  const { dir, name } = path.parse(file);
  const words = name.split(/[^A-Za-z0-9]+/).filter(Boolean);
  switch (form) {
    case 'python-pytest':
    case 'python-unittest':
      return path.join(dir, `test_${words.join('_') || 'pipeline'}.py`);
    case 'java-junit': {
      const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
      const className = `${/^[A-Z]/.test(pascal) ? pascal : `Recorded${pascal}`}Test`;
      const main = path.join(path.sep, 'src', 'main', 'java');
      return path.join(
        `${dir}${path.sep}`.replace(main, path.join(path.sep, 'src', 'test', 'java')),
        `${className}.java`,
      );
    }
    case 'go-test':
      return path.join(dir, `${words.join('_') || 'pipeline'}_recorded_test.go`);
  }
}
