/** Which names, ids, numbers and texts are valid, and which names are equal. */
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import {
  ClientId,
  Content,
  MessageId,
  NewRoomName,
  RoomId,
  RoomName,
  Seq,
  Timestamp,
  UserId,
  Username,
} from '../../../shared/contract/identifiers.ts';

const loneHigh = '\ud83d';
const loneLow = '\ude00';
const id = '3f1c2a52-8d1e-4f0b-9a57-2c6d0e4b7a11';

interface Cases {
  schema: z.ZodType;
  valid: unknown[];
  invalid: unknown[];
}

const alwaysInvalid = [
  '',
  ' ',
  'a b',
  'a#b',
  'a/b',
  'a\u0000b',
  'a\nb',
  'a\u007fb',
  loneHigh,
  `a${loneLow}`,
  7,
  null,
];

const cases: Record<string, Cases> = {
  'a username': {
    schema: Username,
    valid: ['a', 'Ann', 'ann@example.com', 'a.b+c-d_e', '123', 'x'.repeat(150)],
    invalid: [...alwaysInvalid, 'x'.repeat(151), 'änn', 'аnn', 'ann\n', 'a:b', 'a%b', '😀'],
  },
  'a room name': {
    schema: RoomName,
    valid: [
      'general',
      'a',
      'a.b-c_d',
      '2026',
      'café',
      'общий',
      '日本語',
      'غرفة',
      'कक्षा',
      'dm_1',
      'x'.repeat(255),
    ],
    invalid: [...alwaysInvalid, 'x'.repeat(256), 'a:b', 'a?b', 'a%20b', 'a@b', '😀', 'a\u200bb', 'general\n'],
  },
  'the name of a new room': {
    schema: NewRoomName,
    valid: [
      'general',
      'dm',
      'dmitri',
      'adm_1',
      'общий',
      '...',
      '-',
      'Việt-Nam',
      '東京-カフェ',
      'Привет-room',
    ],
    // The second name is in full-width letters, which NFKC turns into the first.
    invalid: [...alwaysInvalid, 'dm_1', 'ｄｍ＿1', 'DM_1', 'Dm_', 'x'.repeat(256), '.', '..', 'gеneral', id],
  },
  'a user id': {
    schema: UserId,
    valid: [id],
    invalid: [
      ...alwaysInvalid,
      'ann',
      `${id}#`,
      `${id}/`,
      ` ${id}`,
      `${id}\n`,
      id.slice(1),
      `{${id}}`,
      `ROOM#${id}`,
    ],
  },
  'a room id': { schema: RoomId, valid: [id], invalid: [...alwaysInvalid, 'general', `${id}#HEAD`] },
  'a message id': {
    schema: MessageId,
    valid: ['a', 'A-z_9', 'x'.repeat(64)],
    invalid: [...alwaysInvalid, 'x'.repeat(65), 'a=', 'a+b', 'a.b', 'é'],
  },
  'a client_id': {
    schema: ClientId,
    valid: ['c-1', '0', '__proto__', 'x'.repeat(64)],
    invalid: [...alwaysInvalid, 'x'.repeat(65), 'a=', 'a.b', 'é', 'c-1\n'],
  },
  'a seq': { schema: Seq, valid: [1, 2, Number.MAX_SAFE_INTEGER], invalid: [0, -1, 1.5, '1', null, 2 ** 53] },
  'a time': {
    schema: Timestamp,
    valid: ['2026-11-22T12:00:00.000Z'],
    invalid: [
      '2026-11-22',
      '2026-11-22T12:00:00Z',
      '2026-11-22T12:00:00.000+01:00',
      '2026-02-30T12:00:00.000Z',
      0,
    ],
  },
  content: {
    schema: Content,
    valid: [
      'a',
      ' a ',
      '<b>&',
      'a\nb',
      '😀',
      'x'.repeat(4000),
      ` ${'x'.repeat(4000)} `,
      'a\tb\r\nc',
      '語'.repeat(4000),
      '👩‍👩‍👧‍👦',
      '1\uFE0F\u20E3',
      '\u202egnirts',
      '__proto__',
    ],
    invalid: [
      '',
      '\u0000',
      'a\u0000b',
      'bell\u0007',
      'a\u007f',
      'a\u0085',
      '\u200b\u200d\u2060',
      '\u3164',
      '\u2800',
      '\u0301',
      '\ufe0f',
      '\u034f',
      '\u{e0041}',
      `${'語'.repeat(4000)}${'\u3000'.repeat(1000)}`,
      ' ',
      '\n\t ',
      'x'.repeat(4001),
      '😀'.repeat(2001),
      loneHigh,
      `a${loneLow}b`,
      7,
      null,
      ['a'],
      {},
    ],
  },
};

const withLabels = (values: unknown[]) =>
  values.map((value) => ({ label: JSON.stringify(value).slice(0, 40), value }));

describe.each(Object.entries(cases))('%s', (_title, { schema, valid, invalid }) => {
  test.each(withLabels(valid))('can be $label', ({ value }) => {
    expect(schema.safeParse(value).success).toBe(true);
  });
  test.each(withLabels(invalid))('cannot be $label', ({ value }) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
