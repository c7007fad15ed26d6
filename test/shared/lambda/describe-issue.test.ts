import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../shared/contract/http/operations.ts';
import { commands, variants } from '../../../shared/contract/websocket/commands.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import type { ChatError } from '../../../shared/domain/chat-error.ts';
import { validate } from '../../../shared/lambda/validate.ts';

/** Returns the sentences about the fields of a value that a schema refuses. */
function sentencesAbout(schema: z.ZodType, value: unknown): string[] {
  try {
    validate(schema, value);
    return [];
  } catch (error) {
    return ((error as ChatError).fields ?? []).map(({ message }) => message);
  }
}

describe('the fault of a field', () => {
  it.each([
    [{ password: z.string().min(8) }, { password: 'x' }, 'The password must have at least 8 characters.'],
    [{ room_name: z.string().min(1) }, { room_name: '' }, 'The room name must not be empty.'],
    [
      { description: z.string().max(3) },
      { description: 'long' },
      'The description must have at most 3 characters.',
    ],
    [{ limit: z.int().min(1) }, { limit: 0 }, '`limit` must be at least 1.'],
    [{ limit: z.int().max(9) }, { limit: 10 }, '`limit` must be at most 9.'],
    [{ limit: z.int() }, { limit: 1.5 }, '`limit` must be a whole number.'],
    [{ user_id: z.uuid() }, { user_id: 'x' }, '`user_id` must be a UUID.'],
    [{ email: z.email() }, { email: 'x' }, 'The e-mail address must have the form ann@mail.example.'],
    [{ content: z.string() }, {}, 'The message is required.'],
    [{ content: z.string() }, { content: 5 }, 'The message must be text.'],
    [{ is_typing: z.boolean() }, { is_typing: 'yes' }, '`is_typing` must be true or false.'],
    [{ batch: z.enum(['0', '1']) }, { batch: '2' }, '`batch` must be "0" or "1".'],
    [
      { client_id: z.string().regex(/x/, 'must have an x') },
      { client_id: 'y' },
      '`client_id` must have an x.',
    ],
  ] as const)('is said in a sentence: %o of %o', (shape, value, sentence) => {
    expect(sentencesAbout(z.object(shape), value)).toEqual([sentence]);
  });

  it('is said about the request when it is no object', () => {
    expect(sentencesAbout(z.object({}), 'text')).toEqual(['The request must be an object.']);
  });
});

/** Values that break every kind of rule. */
const badValues = [undefined, null, '', 'x', '\u0000', ' ', 'ü'.repeat(9_000), -1, 0, 1.5, 1e9, true, [], {}];

const schemas: [string, z.ZodType][] = [
  ...Object.entries(operations).flatMap(([name, row]): [string, z.ZodType][] => {
    const { body, query, params } = row as { body?: z.ZodType; query?: z.ZodType; params?: z.ZodType };
    return [
      ...(body === undefined ? [] : [[`the body of ${name}`, body] as [string, z.ZodType]]),
      ...(query === undefined ? [] : [[`the query of ${name}`, query] as [string, z.ZodType]]),
      ...(params === undefined ? [] : [[`the path of ${name}`, params] as [string, z.ZodType]]),
    ];
  }),
  ...Object.entries(commands),
  ...Object.entries(variants),
  ['handshake', HandshakeQuery],
];

describe('every row of the contract', () => {
  it.each(schemas)('describes the faults in %s without words of the validator', (_, schema) => {
    const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
    const fields = Object.keys(shape);
    const values: unknown[] = [
      ...badValues,
      ...badValues.map((bad) => Object.fromEntries(fields.map((field) => [field, bad]))),
    ];
    const sentences = values.flatMap((value) => sentencesAbout(schema, value));
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^(The|`[^`]*`) [^:<>]+\.$/);
      expect(sentence).not.toMatch(
        /Invalid|Too (small|big)|expected|received|undefined|string|regex|pattern/,
      );
    }
  });
});
