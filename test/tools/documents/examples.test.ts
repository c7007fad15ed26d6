/** Checks that the examples in the documents are valid. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import {
  bodyExamples,
  commandExamples,
  entityExamples,
  eventExamples,
} from '../../../tools/documents/examples.ts';
import * as entities from '../../../shared/contract/entities.ts';
import * as search from '../../../shared/contract/search.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';

const rows = Object.values(operations as Record<string, Operation>);

/** All schemas of entities, answers and bodies that have an id, by their id. */
const schemas = new Map(
  [
    ...Object.values(entities),
    ...Object.values(search),
    ...rows.flatMap(({ body, responses }) => [body, ...Object.values(responses)]),
  ]
    .filter((schema) => schema instanceof z.ZodType)
    .flatMap((schema) => {
      const id = schema.meta()?.id;
      return id === undefined ? [] : [[id, schema] as const];
    }),
);

test.each(Object.entries({ ...entityExamples, ...bodyExamples }))(
  'the example of %s is valid',
  (id, example) => {
    const schema = schemas.get(id);
    if (schema === undefined) throw new Error(`No schema has the id ${id}`);
    expect(schema.safeParse(example).error).toBeUndefined();
  },
);

test('every request body has a valid example', () => {
  const bodies = rows.flatMap(({ body }) => (body === undefined ? [] : [body]));
  expect(bodies.length).toBeGreaterThan(10);
  for (const body of bodies) {
    const meta = body.meta();
    const example = meta?.['example'] ?? bodyExamples[meta?.id ?? ''];
    expect({ id: meta?.id, error: body.safeParse(example).error }).toEqual({ id: meta?.id });
  }
});

test.each(Object.entries(eventExamples))('the example of the event %s is valid', (name, example) => {
  const event = events[name as keyof typeof events];
  expect(z.strictObject(event.shape).safeParse(example).error).toBeUndefined();
});

test.each(Object.entries(commandExamples))('the example of the command %s is valid', (name, example) => {
  expect(commands[name as keyof typeof commands].safeParse(example).error).toBeUndefined();
});
