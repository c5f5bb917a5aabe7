import { bodyOf, dottedName, type Node } from './node.js';
import { moduleOf, type Placed, type Resolver } from './resolver.js';
import { reaching, type Binding, type Scope, type Touch, type Variable } from './scope.js';
import type { Method } from './world.js';

/** Methods and functions that change what they are called on, or given first. */
const CHANGERS =
  /^(?:[Ss]et|[Aa]dd|[Pp]ut|[Aa]ppend|[Pp]ush|[Pp]op|[Ss]hift|[Uu]nshift|[Ss]plice|[Ii]nsert|[Dd]elete|[Rr]emove|[Cc]lear|[Ss]ort|[Rr]everse|[Ff]ill|[Cc]opy|[Mm]erge|[Aa]ssign|[Uu]pdate|[Rr]eset|[Ss]tore)(?![a-z])/;
/** Methods that are called for another effect, or for what they give. */
const HARMLESS =
  /^(?:[Gg]et|[Ii]s|[Hh]as|[Tt]o|[Pp]rint|[Ll]og|[Dd]ebug|[Ii]nfo|[Ww]arn|[Ee]rror|[Tt]race|[Ff]atal|[Vv]alidate|[Vv]erify|[Cc]heck|[Aa]ssert|[Rr]un|[Ww]ait|[Aa]pply|[Ff]orEach|[Cc]lose|[Ff]lush|[Dd]one|[Ss]tart|[Ss]top|[Dd]ump|[Dd]escribe|[Uu]se|[Ll]en)(?![a-z])/;
/** Functions of others that read what they are given a pointer to; what those of `flag` give is told as an option. */
const READS =
  /^(?:flag\.|github\.com\/spf13\/pflag\.|fmt\.(?:Fprint|Print|Sprint|Errorf|Append)|log\.|beam[./]|errors\.|testing\.|reflect\.)/;
/** Functions of others that change what they are given first. */
const CHANGE_FIRST =
  /^(?:delete|clear|copy|Object\.(?:assign|defineProperty|defineProperties)|Reflect\.set|maps\.(?:Copy|DeleteFunc)|sort\.\w+|slices\.(?:Sort\w*|Reverse))$|(?:lodash|_)\.(?:merge|set|assign|defaults)\w*$/;

/** Finds the calls that may change what a variable holds. */
export class Changes {
  private readonly known = new Map<Variable, Variable>();
  private readonly byParameter = new Map<Node, Map<number, boolean>>();
  private readonly ofThis = new Map<Node, boolean>();

  constructor(private readonly resolver: Resolver) {}

  /** As {@link reaching}, with a binding `change` for each call that may change what the variable holds. */
  reaching(variable: Variable, scope: Scope, at: number): readonly Binding[] {
    return reaching(this.withChanges(variable), scope, at);
  }

  private withChanges(variable: Variable): Variable {
    if (variable.touches.length === 0) return variable;
    const known = this.known.get(variable);
    if (known) return known;
    // What is asked for while the calls are judged is what holds without them.
    this.known.set(variable, variable);
    const changes = variable.touches.filter((touch) => this.isChange(touch));
    if (changes.length === 0) return variable;
    const bindings = [...variable.bindings, ...changes.map(({ binding }) => binding)];
    const changed = { ...variable, bindings: bindings.sort((a, b) => placeOf(a) - placeOf(b)) };
    this.known.set(variable, changed);
    return changed;
  }

  private isChange({ position, isStatement, binding }: Touch): boolean {
    const { value: call, scope } = binding;
    const [callee] = call?.children ?? [];
    if (!call || !callee) return false;
    const at: Placed = { node: callee, scope, env: undefined };
    const own = this.methods(callee, scope) ?? this.functions(at);
    if (own) {
      return own.some(({ node }) => {
        if (node.receiver !== undefined) return this.changesParameter(node, position + 1);
        return position < 0 ? this.changesThis(node) : this.changesParameter(node, position);
      });
    }
    const name = dottedName(callee)?.at(-1) ?? callee.text;
    if (position < 0)
      return CHANGERS.test(name) || (isStatement && name !== '' && !HARMLESS.test(name));
    const qualified = this.resolver.qualified(at) ?? dottedName(callee)?.join('.') ?? '';
    if (position === 0 && CHANGE_FIRST.test(qualified)) return true;
    const argument = call.children[position + 1];
    const isPointer = argument?.kind === 'operation' && argument.text === '&';
    return isPointer && !READS.test(qualified);
  }

  /** Methods of the module's own types that may be meant: those of the name. */
  private methods(callee: Node, scope: Scope): readonly Method[] | undefined {
    if (callee.kind !== 'member') return undefined;
    const found = moduleOf(scope).methods(`.${callee.text}`);
    return found.length > 0 ? found : undefined;
  }

  private functions(at: Placed): readonly { node: Node }[] | undefined {
    const callee = this.resolver.callee(at);
    return callee && [callee];
  }

  /** Does a function change what its parameter at a position holds? */
  private changesParameter(fn: Node, position: number): boolean {
    const known = this.byParameter.get(fn) ?? new Map<number, boolean>();
    this.byParameter.set(fn, known);
    const before = known.get(position);
    if (before !== undefined) return before;
    known.set(position, false);
    const parameters = fn.parameters ?? [];
    const index = Math.min(position, parameters.length - 1);
    const parameter = parameters[index];
    const type = parameter?.type;
    // A struct is given as a copy.
    const isCopy =
      type !== undefined && dottedName(type) !== undefined && !this.isReference(type, fn);
    const inner = fn.scope;
    const isChanged =
      !isCopy &&
      inner !== undefined &&
      [...inner.names.values()]
        .filter((one) => one.kind === 'parameter' && one.position === index)
        .some((one) => this.withChanges(one).bindings.some(({ field }) => field.length > 0));
    known.set(position, isChanged);
    return isChanged;
  }

  /** Is a type of this name that of maps or slices? */
  private isReference(type: Node, fn: Node): boolean {
    const names = dottedName(type);
    const entity = names && fn.scope && this.resolver.entity(names, fn.scope, type.start);
    const definition = entity?.kind === 'variable' ? entity.variable.definition : undefined;
    return definition?.children.some(({ text }) => /^(?:map|slice)_type$/.test(text)) ?? false;
  }

  /** Does a method change the object it is called on? */
  private changesThis(fn: Node): boolean {
    const known = this.ofThis.get(fn);
    if (known !== undefined) return known;
    this.ofThis.set(fn, false);
    const body = bodyOf(fn);
    const isChanged = body !== undefined && changesThis(body);
    this.ofThis.set(fn, isChanged);
    return isChanged;
  }
}

function changesThis(node: Node): boolean {
  if (node.kind === 'bind' && node.targets?.some(({ name }) => name === 'this')) return true;
  const [callee] = node.kind === 'call' ? node.children : [];
  if (callee?.kind === 'member' && dottedName(callee)?.[0] === 'this') {
    if (!HARMLESS.test(callee.text)) return true;
  }
  return node.children.some(changesThis);
}

function placeOf({ scope, offset }: Binding): number {
  return scope.facts.place.offset + offset;
}
