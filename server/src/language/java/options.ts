import { child, type SyntaxNode } from '../syntax/tree.js';
import { classScope } from './names.js';
import type { Resolver } from './resolver.js';
import { annotations, dottedName, type JavaType, type Scope } from './unit.js';
import { writeString } from './literals.js';

/**
 * What a getter of pipeline options gives: `--topic`, with the default that its annotation names. Undefined for any
 * other call.
 */
export function optionText(node: SyntaxNode, scope: Scope, resolver: Resolver): string | undefined {
  const name = /^(?:get|is)([A-Z]\w*)$/.exec(child(node, 'name')?.text ?? '')?.[1];
  const object = child(node, 'object');
  if (!name || !object || (child(node, 'arguments')?.children.length ?? 0) > 0) return undefined;
  const type = optionsType(object, scope, resolver);
  if (!type) return undefined;
  const option = decapitalize(name);
  const given = resolver.options.get(option);
  if (given !== undefined) return writeString(given);
  const getter = type.own && resolver.names.method(type.own, child(node, 'name')?.text ?? '', 0);
  const standard = annotations(getter?.modifiers).find((one) =>
    (dottedName(child(one, 'name')) ?? []).slice(-2).join('.').startsWith('Default.'),
  );
  const [value] = (standard && child(standard, 'arguments')?.children) ?? [];
  if (!getter || !value) return `--${option}`;
  const at = { node: value, scope: classScope(getter.type).inside };
  return `--${option} (default ${resolver.text(at)})`;
}

/** Of an expression whose class is an interface of pipeline options; `own` if the user declares it. */
function optionsType(
  object: SyntaxNode,
  scope: Scope,
  resolver: Resolver,
): { own?: JavaType } | undefined {
  let written: SyntaxNode | undefined;
  let at = scope;
  if (object.kind === 'identifier') {
    const found = resolver.variable(object.text, object, scope);
    const field = found
      ? undefined
      : resolver.names.around(scope, (type) => resolver.names.field(type, object.text));
    const declared = found?.variable ?? field;
    at = found?.scope ?? (field ? classScope(field.type).inside : scope);
    written = declared?.declaredType;
    const value = declared?.value;
    if (written?.text === 'var' && value) {
      return resolver.once(value, () => optionsType(value, at, resolver));
    }
  } else if (object.kind === 'field_access' && child(object, 'object')?.kind === 'this') {
    const name = child(object, 'field')?.text ?? '';
    const field = resolver.names.field(scope.type, name);
    written = field?.declaredType;
  } else if (object.kind === 'method_invocation') {
    // `….as(MyOptions.class)`
    const [literal] = child(object, 'arguments')?.children ?? [];
    if (child(object, 'name')?.text === 'as' && literal?.kind === 'class_literal') {
      written = literal.children[0];
    } else if (child(object, 'name')?.text === 'getOptions') return {};
  }
  const found = written && resolver.names.typeOfNode(written, at);
  if (!found) return undefined;
  if (!found.own) return found.qualified.endsWith('Options') ? {} : undefined;
  const { own } = found;
  const ancestors = resolver.names.ancestors(own);
  return ancestors.some((name) => name.endsWith('Options')) ? { own } : undefined;
}

/** As java.beans.Introspector does: `Topic` is `topic`, `URL` stays. */
function decapitalize(name: string): string {
  return /^[A-Z]{2}/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

/** `--name=value` and `--flag` of a program's arguments. */
export function givenOptions(args: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const argument of args) {
    const match = /^--(\w+)(?:=([\s\S]*))?$/.exec(argument);
    if (match?.[1]) given.set(match[1], match[2] ?? 'true');
  }
  return given;
}
