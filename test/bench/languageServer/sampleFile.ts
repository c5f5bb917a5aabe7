import { readFile } from 'node:fs/promises';

/** Lines of the file that the servers are compared on. */
export const sampleLines = 2000;

/** A Python file as people have them: the example's pipeline, then functions and classes up to a number of lines. */
export async function sampleFile(lines = sampleLines): Promise<string> {
  const example = await readFile('examples/rides.py', 'utf8');
  const parts = [example];
  for (let index = 0, length = example.split('\n').length; length < lines; index++) {
    const part = index % 3 === 2 ? classText(index) : functionText(index);
    parts.push(part);
    length += part.split('\n').length;
  }
  return parts.join('\n').split('\n').slice(0, lines).join('\n') + '\n';
}

function functionText(index: number): string {
  return `
def step_${index}(items, limit=${index % 7}, *, name='step ${index}'):
    """Sums what is above the limit."""
    total = 0
    for position, item in enumerate(items):
        if item['value'] > limit and item.get('name') != name:
            total += item['value'] * position
        else:
            total -= min(limit, len(items))
    # Rounded as the report wants it.
    return {'total': round(total, 2), 'name': f'{name} of {len(items)}'}
`;
}

function classText(index: number): string {
  return `
class Report${index}:
    """Collects totals."""

    rows = []

    def __init__(self, title, width=${60 + (index % 40)}):
        self.title = title
        self.width = width
        self.totals = {key: 0 for key in ('a', 'b', 'c')}

    def add(self, row):
        for key, value in row.items():
            self.totals[key] = self.totals.get(key, 0) + value
        return self

    def lines(self):
        yield self.title.center(self.width, '-')
        yield from (f'{key}: {value:>10}' for key, value in sorted(self.totals.items()))
`;
}
