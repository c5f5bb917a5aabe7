import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { coderUrnTree } from '../../../../server/src/beam/coders/coderUrnTree.js';
import {
  coderAsWritten,
  recordedCoderAsWritten,
} from '../../../../server/src/beam/pipeline/goCoders.js';
import { addLengthPrefix } from '../../../../server/src/beam/pipeline/recordedCoder.js';
import { ComponentsSchema } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';

/** A PCollection of pairs and one of text, made in an environment. */
function madeIn(capability: string) {
  return create(ComponentsSchema, {
    coders: {
      text: { spec: { urn: 'beam:coder:string_utf8:v1' } },
      number: { spec: { urn: 'beam:coder:varint:v1' } },
      pair: { spec: { urn: 'beam:coder:kv:v1' }, componentCoderIds: ['text', 'number'] },
    },
    environments: { sdk: { urn: 'beam:env:external:v1', capabilities: [capability] } },
    pcollections: { texts: { coderId: 'text' }, pairs: { coderId: 'pair' } },
    transforms: {
      read: { environmentId: 'sdk', outputs: { i0: 'texts', i1: 'pairs' } },
    },
  });
}

describe('coders as elements are written', () => {
  it('have the length of text twice where Go writes it within a length prefix', () => {
    const go = madeIn('beam:version:sdk_base:go:apache/beam_go_sdk:2.77.0');
    const told = (id: string) => coderUrnTree(recordedCoderAsWritten(go, id), go.coders);
    const text = 'beam:coder:length_prefix:v1<beam:coder:string_utf8:v1>';
    assert.equal(told('texts'), text);
    assert.equal(
      told('pairs'),
      `beam:coder:kv:v1<beam:coder:length_prefix:v1<${text}>,beam:coder:length_prefix:v1<beam:coder:varint:v1>>`,
    );
    const prefixed = coderAsWritten(go, 'texts', addLengthPrefix(go.coders, 'text'));
    assert.equal(coderUrnTree(prefixed, go.coders), `beam:coder:length_prefix:v1<${text}>`);
  });

  it('are those that were submitted where another SDK writes', () => {
    const python = madeIn('beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0');
    assert.equal(recordedCoderAsWritten(python, 'texts'), 'text');
    const prefixed = addLengthPrefix(python.coders, 'text');
    assert.equal(coderAsWritten(python, 'texts', prefixed), prefixed);
  });
});
