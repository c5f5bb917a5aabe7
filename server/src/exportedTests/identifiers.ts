/** The words of a name, told apart by case and by what is no letter or digit: `user-clicks` and `UserClicks` alike. */
function wordsOf(name: string): string[] {
  const separated = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return separated.split(/[^A-Za-z0-9]+/).filter(Boolean);
}

/** `user_clicks`; never empty, never beginning with a digit. */
export function snakeCase(name: string, otherwise: string): string {
  return begun(
    wordsOf(name)
      .map((word) => word.toLowerCase())
      .join('_'),
    otherwise,
    '_',
  );
}

/** `UserClicks`; never empty, never beginning with a digit. */
export function pascalCase(name: string, otherwise: string): string {
  const words = wordsOf(name).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return begun(words.join(''), otherwise, '');
}

/** `userClicks`; never empty, never beginning with a digit. */
export function camelCase(name: string, otherwise: string): string {
  const pascal = pascalCase(name, otherwise);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

function begun(identifier: string, otherwise: string, separator: string): string {
  if (identifier === '') return otherwise;
  return /^\d/.test(identifier) ? `${otherwise}${separator}${identifier}` : identifier;
}

/**
 * Identifiers for names, in their order, each another one and none of those that are taken.
 * @param taken words of the language, and names that the test uses itself
 */
export function distinctIdentifiers(
  names: readonly string[],
  style: (name: string) => string,
  taken: Iterable<string>,
): string[] {
  const used = new Set(taken);
  return names.map((name) => {
    const wanted = style(name);
    let identifier = wanted;
    for (let number = 2; used.has(identifier); number++) identifier = `${wanted}${number}`;
    used.add(identifier);
    return identifier;
  });
}
