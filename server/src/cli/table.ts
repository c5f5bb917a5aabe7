import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

export interface Column {
  title: string;
  align?: 'right';
}

/**
 * Lines of a table under a header row. Cells are plain text of one line.
 * @param width columns of the terminal: longer lines are cut; undefined: nothing is cut
 */
export function table(columns: Column[], rows: string[][], width: number | undefined): string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) =>
    Math.max(...lines.map((line) => stringWidth(line[i] ?? ''))),
  );
  return lines.map((cells) => {
    const line = cells
      .map((cell, i) => {
        const padding = ' '.repeat((widths[i] ?? 0) - stringWidth(cell));
        return columns[i]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
    return width === undefined ? line : cliTruncate(line, width);
  });
}
