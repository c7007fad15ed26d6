/** No frame is larger than API Gateway accepts, whatever the names and texts of its events hold. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import * as limits from '../../../shared/contract/limits.ts';
import { events, type ServerEvent } from '../../../shared/contract/websocket/events.ts';
import { roomUsersList } from '../../../shared/realtime/frames.ts';
import { packFrames } from '../../../shared/realtime/send-events.ts';

/** Characters that JSON escapes with six bytes, characters of three and four bytes, and plain ones. */
const unit = fc.constantFrom('\u0001', '\ud800', '"', '\\', '語', '😀', '\u2028', 'x');

/** A text of one repeated character: the longest ones that a table written under looser rules may hold. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(unit, fc.oneof(fc.integer({ min: 0, max: maxLength }), fc.constant(maxLength)))
    .map(([character, length]) => character.repeat(length));

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  pattern?: string;
  format?: string;
}

/** Returns values of a schema of the contract, with much longer names and texts than it allows. */
function valuesOf(schema: Schema, defs: Record<string, Schema> = schema.$defs ?? {}): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valuesOf(defs[schema.$ref.replace('#/$defs/', '')] ?? {}, defs);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, defs)));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => valuesOf({ ...schema, type }, defs)));
  switch (schema.type ?? '') {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.maxSafeNat();
    case 'string':
      return schema.pattern !== undefined || schema.format !== undefined
        ? fc.constant('0'.repeat(64))
        : text(limits.contentRawLength);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, defs), { maxLength: 10 });
    case 'object':
      return schema.properties ? objectsOf(schema, defs) : recordsOf(schema, defs);
    default:
      throw new Error(`The schema ${JSON.stringify(schema)} is of a form that this test does not know`);
  }
}

const objectsOf = (
  { properties = {}, required = [] }: Schema,
  defs: Record<string, Schema>,
): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one, defs)])),
    {
      requiredKeys: required,
    },
  );

/** The only records have an entry for each room that one socket has open. */
const recordsOf = ({ additionalProperties }: Schema, defs: Record<string, Schema>): fc.Arbitrary<object> =>
  fc.dictionary(
    fc.uuid(),
    valuesOf(typeof additionalProperties === 'object' ? additionalProperties : { type: 'integer' }, defs),
    { maxKeys: limits.roomsPerConnection },
  );

const usersList: fc.Arbitrary<ServerEvent> = fc
  .array(fc.record({ id: fc.uuid(), username: text(limits.usernameLength) }), {
    minLength: 0,
    maxLength: 260,
  })
  .map((users) => roomUsersList('0'.repeat(36), users));

const eventsOfType = Object.entries(events).map(
  ([type, schema]) =>
    [
      type,
      type === 'room_users_list'
        ? usersList
        : (valuesOf(z.toJSONSchema(schema, { io: 'output' }) as Schema) as fc.Arbitrary<ServerEvent>),
    ] as const,
);

const bytesOf = (frame: string): number => Buffer.byteLength(frame);

it.each(eventsOfType)('%s always fits into a frame, alone and in a batch', (_, values) => {
  fc.assert(
    fc.property(values, (event) => {
      const { plain, batched } = packFrames([event, event]);
      for (const frame of [...plain, ...batched])
        expect(bytesOf(frame)).toBeLessThanOrEqual(limits.frameBytes);
      expect(plain.map((frame) => JSON.parse(frame).type)).toEqual([event.type, event.type]);
    }),
    { numRuns: 20 },
  );
});

it('batches of any events fit into frames, and keep all of them in their order', () => {
  const any = fc.oneof(...eventsOfType.map(([, values]) => values));
  fc.assert(
    fc.property(fc.array(any, { minLength: 2, maxLength: 12 }), (list) => {
      const { batched } = packFrames(list);
      for (const frame of batched) expect(bytesOf(frame)).toBeLessThanOrEqual(limits.frameBytes);
      const sent = batched.flatMap((frame) => JSON.parse(frame) as ServerEvent[]);
      expect(sent.map(({ type }) => type)).toEqual(list.map(({ type }) => type));
    }),
    { numRuns: 20 },
  );
});
