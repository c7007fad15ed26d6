/** Malformed bodies, sent to every operation that takes a body. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useUnchangedFixture } from './fixture.ts';
import { problem, problemOrGatewayRefusal } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { addressOf, operations, type OperationCase } from './operation-cases.ts';
import { listOf } from './shapes.ts';

const withBody = operations.filter(({ body }) => body !== undefined);

/** A stand-in for a secret, which no answer may contain. */
const secretMarker = 'secret-marker-hunter2-5f3a';
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** Values, as JSON, that no field of any operation accepts. */
const wrongValues = [
  '5',
  '1e999',
  '["a"]',
  '{"toString": "x", "length": 3}',
  '{"__proto__": {"length": 8}}',
  deep(20_000),
  JSON.stringify('x'.repeat(60_000)),
];

const unchanged = useUnchangedFixture();

function send(
  row: OperationCase,
  raw: string | Uint8Array,
  type = 'application/json',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { access } = (row.by ?? (({ owner }) => owner))(unchanged.fixture);
  const token = row.auth === 'none' ? undefined : access;
  return call(row.method, addressOf(row, unchanged.fixture), {
    token,
    raw,
    headers: { 'content-type': type, ...headers },
  });
}

/** Sends the requests, and returns their answers and those that repeat what was sent. */
async function outcomeOf(sent: Promise<Answer>[]): Promise<object> {
  const answers = await Promise.all(sent);
  const leaks = answers.filter(({ body }) => JSON.stringify(body).includes(secretMarker));
  return { answers, leaks };
}

/** Expects every request to be refused with this problem, without repeating what was sent. */
const refused = (status: number, code: string): object => ({
  answers: listOf(status === 413 ? problemOrGatewayRefusal(status, code) : problem(status, code)),
  leaks: [],
});

/** Returns the body as JSON with further fields, given as JSON, in front. */
function withFields(body: unknown, fields: string): string {
  const rest = JSON.stringify(body).slice(1);
  return `{${fields}${rest === '}' ? '' : ','}${rest}`;
}

describe.each(withBody)('$name', (row) => {
  test('refuses a body that is not a JSON object', async () => {
    const forms = ['null', '"text"', '5', `["${secretMarker}"]`, deep(30_000)];
    expect(await outcomeOf(forms.map((form) => send(row, form)))).toEqual(refused(400, 'invalid_request'));
  });

  test('refuses a body that is not JSON', async () => {
    const body = JSON.stringify(await row.body?.(unchanged.fixture));
    const broken = [`{"password": "${secretMarker}"`, 'nonsense', '\0'];
    const forms = [...broken, `${body},`, `${body}${body}`];
    expect(await outcomeOf(forms.map((form) => send(row, form)))).toEqual(refused(400, 'invalid_request'));
  });

  test('refuses a content type other than application/json', async () => {
    const body = JSON.stringify(await row.body?.(unchanged.fixture));
    const plain = ['text/plain', 'application/jsonp', ';', 'application/x-www-form-urlencoded'];
    const types = [...plain, 'application/json; charset=utf-16', 'application/json; charset=latin1'];
    expect(await outcomeOf(types.map((type) => send(row, body, type)))).toEqual(
      refused(415, 'unsupported_media_type'),
    );
  });

  test('refuses a compressed body', async () => {
    const body = JSON.stringify(await row.body?.(unchanged.fixture));
    const packed = ['gzip', 'deflate', 'br', 'gzip, identity'].map((encoding) =>
      send(row, encoding === 'gzip' ? gzipSync(body) : body, 'application/json', {
        'content-encoding': encoding,
      }),
    );
    expect(await outcomeOf(packed)).toEqual(refused(415, 'unsupported_media_type'));
  });

  test('refuses a body that is too large', async () => {
    const body = JSON.stringify(await row.body?.(unchanged.fixture));
    const forms = [
      `${' '.repeat(100_000)}${body}`,
      JSON.stringify({ password: secretMarker.repeat(20_000) }),
    ];
    expect(await outcomeOf(forms.map((form) => send(row, form)))).toEqual(refused(413, 'payload_too_large'));
  });

  test.each(row.fields ?? [])('refuses a %s of another type', async (field) => {
    const { [field]: own, ...others } = Object(await row.body?.(unchanged.fixture)) as Record<
      string,
      unknown
    >;
    const typical = typeof own === 'number' ? wrongValues.filter((value) => value !== '5') : wrongValues;
    const values = [...typical, typeof own === 'boolean' ? '"true"' : 'true'];
    const forms = values.map((value) => withFields(others, `"${field}": ${value}`));
    expect(await outcomeOf(forms.map((form) => send(row, form)))).toEqual(refused(400, 'invalid_request'));
  });
});
