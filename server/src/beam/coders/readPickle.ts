import { ByteReader } from './byteReader.js';
import { CoderError } from './coderError.js';

/**
 * What a pickle says, as data. A pickle is a program that builds an object; here its steps are only noted
 * down: no class is looked up and nothing is called. Nodes may be shared and may contain themselves.
 */
export type PickleNode =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | PickleGlobal
  | PickleCall
  | PickleCollection
  | PickleUnknown;

/** Something a module defines, by its name, e.g. `decimal.Decimal`. */
export interface PickleGlobal {
  kind: 'global';
  name: string;
}

/** The result of calling something: an object, where that is a class. */
export interface PickleCall {
  kind: 'call';
  callee: PickleNode;
  args: PickleNode;
  state?: PickleNode;
}

/** For a dict, keys and values in turn. */
export interface PickleCollection {
  kind: 'list' | 'tuple' | 'dict' | 'set';
  items: PickleNode[];
}

/** Something outside of the pickle. */
export interface PickleUnknown {
  kind: 'unknown';
}

/**
 * Reads a pickle of any protocol, in time and memory proportional to its length.
 * @throws CoderError if it is not a whole pickle.
 */
export function readPickle(bytes: Uint8Array): PickleNode {
  const machine = new PickleMachine(new ByteReader(bytes));
  for (;;) {
    const offset = machine.input.offset;
    const opcode = machine.input.byte();
    if (opcode === stopOpcode) return machine.pop();
    const step = opcodes.get(String.fromCharCode(opcode));
    if (!step) throw new CoderError(`Unknown pickle opcode ${opcode}`, offset);
    const node = step(machine);
    if (node !== nothing) machine.stack.push(node);
  }
}

const stopOpcode = 0x2e;
/** What an opcode answers that puts nothing on the stack. */
const nothing = Symbol('nothing');

/** The stack machine that pickles are written for. */
class PickleMachine {
  readonly stack: PickleNode[] = [];
  /** Heights of the stack at which something begins. */
  readonly marks: number[] = [];
  readonly memo = new Map<number, PickleNode>();

  constructor(readonly input: ByteReader) {}

  top(): PickleNode {
    const node = this.stack.at(-1);
    if (node === undefined) throw new CoderError('Pickle with an empty stack', this.input.offset);
    return node;
  }

  pop(): PickleNode {
    const node = this.top();
    this.stack.pop();
    return node;
  }

  /** The topmost nodes as a tuple. */
  popTuple(length: number): PickleCollection {
    if (this.stack.length < length) {
      throw new CoderError('Pickle with too small a stack', this.input.offset);
    }
    return { kind: 'tuple', items: this.stack.splice(this.stack.length - length) };
  }

  popToMark(): PickleNode[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new CoderError('Pickle without a mark', this.input.offset);
    return this.stack.splice(mark);
  }

  /** Adds to the collection on top; what is added to anything else is of no interest here. */
  addToTop(items: PickleNode[]): typeof nothing {
    const collection = this.top();
    if (!isNodeObject(collection) || !('items' in collection)) return nothing;
    for (const item of items) collection.items.push(item);
    return nothing;
  }

  /** A signed integer with its least significant byte first. */
  integer(bytes: number): bigint {
    const reversed = Buffer.from(this.input.take(bytes)).reverse().toString('hex');
    return bytes === 0 ? 0n : BigInt.asIntN(bytes * 8, BigInt(`0x${reversed}`));
  }

  /** A length or a key of the memo: never more than there are bytes. */
  count(bytes: number): number {
    const offset = this.input.offset;
    const count = BigInt.asUintN(bytes * 8, this.integer(bytes));
    if (count > BigInt(this.input.end))
      throw new CoderError(`Pickle with a count of ${count}`, offset);
    return Number(count);
  }

  /** Text up to the end of the line. */
  line(): string {
    const start = this.input.offset;
    const end = this.input.bytes.indexOf(0x0a, start);
    if (end < 0) throw new CoderError('Pickle with a line cut off', start);
    const text = this.input.text(end - start);
    this.input.byte();
    return text;
  }

  global(): PickleGlobal {
    const module = this.line();
    return { kind: 'global', name: `${module}.${this.line()}` };
  }

  remember(key: number): typeof nothing {
    this.memo.set(key, this.top());
    return nothing;
  }

  recall(key: number): PickleNode {
    return this.memo.get(key) ?? null;
  }
}

/** What each opcode does, by Python's name for it; what it answers goes on the stack. */
const opcodes = new Map<string, (machine: PickleMachine) => PickleNode | typeof nothing>([
  ['N' /* NONE */, () => null],
  ['\x88' /* NEWTRUE */, () => true],
  ['\x89' /* NEWFALSE */, () => false],
  ['I' /* INT */, (m) => writtenInteger(m.line())],
  ['L' /* LONG */, (m) => writtenInteger(m.line())],
  ['J' /* BININT */, (m) => m.integer(4)],
  ['K' /* BININT1 */, (m) => BigInt(m.input.byte())],
  ['M' /* BININT2 */, (m) => BigInt.asUintN(16, m.integer(2))],
  ['\x8a' /* LONG1 */, (m) => m.integer(m.count(1))],
  ['\x8b' /* LONG4 */, (m) => m.integer(m.count(4))],
  ['F' /* FLOAT */, (m) => Number(m.line())],
  ['G' /* BINFLOAT */, (m) => m.input.double()],
  ['S' /* STRING */, (m) => m.line().slice(1, -1)],
  ['V' /* UNICODE */, (m) => m.line()],
  ['T' /* BINSTRING */, (m) => m.input.text(m.count(4))],
  ['U' /* SHORT_BINSTRING */, (m) => m.input.text(m.count(1))],
  ['X' /* BINUNICODE */, (m) => m.input.text(m.count(4))],
  ['\x8c' /* SHORT_BINUNICODE */, (m) => m.input.text(m.count(1))],
  ['\x8d' /* BINUNICODE8 */, (m) => m.input.text(m.count(8))],
  ['B' /* BINBYTES */, (m) => m.input.take(m.count(4))],
  ['C' /* SHORT_BINBYTES */, (m) => m.input.take(m.count(1))],
  ['\x8e' /* BINBYTES8 */, (m) => m.input.take(m.count(8))],
  ['\x96' /* BYTEARRAY8 */, (m) => m.input.take(m.count(8))],
  [']' /* EMPTY_LIST */, () => ({ kind: 'list', items: [] })],
  ['l' /* LIST */, (m) => ({ kind: 'list', items: m.popToMark() })],
  ['}' /* EMPTY_DICT */, () => ({ kind: 'dict', items: [] })],
  ['d' /* DICT */, (m) => ({ kind: 'dict', items: m.popToMark() })],
  ['\x8f' /* EMPTY_SET */, () => ({ kind: 'set', items: [] })],
  ['\x91' /* FROZENSET */, (m) => ({ kind: 'set', items: m.popToMark() })],
  [')' /* EMPTY_TUPLE */, () => ({ kind: 'tuple', items: [] })],
  ['t' /* TUPLE */, (m) => ({ kind: 'tuple', items: m.popToMark() })],
  ['\x85' /* TUPLE1 */, (m) => m.popTuple(1)],
  ['\x86' /* TUPLE2 */, (m) => m.popTuple(2)],
  ['\x87' /* TUPLE3 */, (m) => m.popTuple(3)],
  ['a' /* APPEND */, (m) => m.addToTop(m.popTuple(1).items)],
  ['s' /* SETITEM */, (m) => m.addToTop(m.popTuple(2).items)],
  ['e' /* APPENDS */, (m) => m.addToTop(m.popToMark())],
  ['u' /* SETITEMS */, (m) => m.addToTop(m.popToMark())],
  ['\x90' /* ADDITEMS */, (m) => m.addToTop(m.popToMark())],
  ['c' /* GLOBAL */, (m) => m.global()],
  ['\x93' /* STACK_GLOBAL */, (m) => globalOf(m.popTuple(2).items)],
  ['R' /* REDUCE */, (m) => call(m.popTuple(2).items)],
  ['\x81' /* NEWOBJ */, (m) => call(m.popTuple(2).items)],
  ['\x92' /* NEWOBJ_EX */, (m) => call(m.popTuple(3).items)],
  ['i' /* INST */, (m) => call([m.global(), { kind: 'tuple', items: m.popToMark() }])],
  ['o' /* OBJ */, (m) => objectOf(m.popToMark())],
  ['b' /* BUILD */, (m) => setState(m.pop(), m.top())],
  ['p' /* PUT */, (m) => m.remember(Number(m.line()))],
  ['q' /* BINPUT */, (m) => m.remember(m.input.byte())],
  ['r' /* LONG_BINPUT */, (m) => m.remember(m.count(4))],
  ['\x94' /* MEMOIZE */, (m) => m.remember(m.memo.size)],
  ['g' /* GET */, (m) => m.recall(Number(m.line()))],
  ['h' /* BINGET */, (m) => m.recall(m.input.byte())],
  ['j' /* LONG_BINGET */, (m) => m.recall(m.count(4))],
  ['(' /* MARK */, (m) => done(m.marks.push(m.stack.length))],
  ['0' /* POP */, (m) => done(m.marks.at(-1) === m.stack.length ? m.marks.pop() : m.pop())],
  ['1' /* POP_MARK */, (m) => done(m.popToMark())],
  ['2' /* DUP */, (m) => m.top()],
  ['\x80' /* PROTO */, (m) => done(m.input.byte())],
  ['\x95' /* FRAME */, (m) => done(m.input.take(8))],
  ['P' /* PERSID */, (m) => outside(m.line())],
  ['Q' /* BINPERSID */, (m) => outside(m.pop())],
  ['\x82' /* EXT1 */, (m) => outside(m.input.take(1))],
  ['\x83' /* EXT2 */, (m) => outside(m.input.take(2))],
  ['\x84' /* EXT4 */, (m) => outside(m.input.take(4))],
  ['\x97' /* NEXT_BUFFER */, () => outside()],
  ['\x98' /* READONLY_BUFFER */, () => done()],
]);

function outside(_skipped?: unknown): PickleUnknown {
  return { kind: 'unknown' };
}

function done(_result?: unknown): typeof nothing {
  return nothing;
}

function globalOf([module, name]: PickleNode[]): PickleNode {
  if (typeof module !== 'string' || typeof name !== 'string') return outside();
  return { kind: 'global', name: `${module}.${name}` };
}

function call([callee = null, args = null]: PickleNode[]): PickleCall {
  return { kind: 'call', callee, args };
}

function objectOf([callee = null, ...items]: PickleNode[]): PickleCall {
  return { kind: 'call', callee, args: { kind: 'tuple', items } };
}

function setState(state: PickleNode, object: PickleNode): typeof nothing {
  if (isNodeObject(object) && object.kind === 'call') object.state = state;
  return nothing;
}

/** Whether a node is none of the plain values. */
export function isNodeObject(
  node: PickleNode | undefined,
): node is PickleGlobal | PickleCall | PickleCollection | PickleUnknown {
  return typeof node === 'object' && node !== null && !(node instanceof Uint8Array);
}

/** As protocol 0 writes it: `-12`, `12L`; `00` and `01` are booleans. */
function writtenInteger(text: string): PickleNode {
  if (text === '00' || text === '01') return text === '01';
  return /^-?\d+L?$/.test(text) ? BigInt(text.replace('L', '')) : null;
}
