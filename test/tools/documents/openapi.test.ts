/** openapi.yaml as it is committed, against the rows. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { errorCodes } from '../../../shared/contract/errors.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { referencesIn, resolve } from './references.ts';

interface Shown {
  operationId: string;
  tags: string[];
  security: object[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { $ref?: string; headers?: Record<string, unknown>; content?: object }>;
}

interface Document {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Shown>>;
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }> }> };
}

const document = parse(readFileSync('openapi.yaml', 'utf8')) as Document;
const rows = Object.entries(operations as Record<string, Operation>).flatMap(([name, row]) =>
  row.methods.map((method) => ({ name, row, method, call: `${method} ${row.path}` })),
);
const shown = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  ),
);

function operationAt(call: string): Shown {
  const operation = shown.get(call);
  if (operation === undefined) throw new Error(`${call} is not in the document`);
  return operation;
}

test('is OpenAPI 3.1, of the server that it came from', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers.map(({ url }) => url)).toEqual(['/']);
});

test('shows every operation of the contract, and nothing else', () => {
  expect([...shown.keys()].toSorted()).toEqual(rows.map(({ call }) => call).toSorted());
});

test('names each operation once', () => {
  const ids = [...shown.values()].map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(operations)));
  expect(ids).toEqual(
    expect.arrayContaining(['updateProfilePatch', 'updateRoomPatch', 'openDirectRoomPost']),
  );
});

test('points nowhere in vain, and explains no schema that nothing points to', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !references.includes(`#/components/schemas/${name}`),
  );
  expect(unused).toEqual([]);
});

test('has a description for each tag that it uses', () => {
  const used = new Set([...shown.values()].flatMap(({ tags }) => tags));
  expect(document.tags.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
});

test.each(rows)('$call asks for a token as its row says', ({ row, call }) => {
  const { security } = operationAt(call);
  const expected = { none: [], optional: [{}, { bearerAuth: [] }], required: [{ bearerAuth: [] }] };
  expect(security).toEqual(expected[row.auth]);
});

test.each(rows)('$call takes the parameters of its row, each with a schema', ({ row, call }) => {
  const parameters = operationAt(call).parameters ?? [];
  expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(
    Object.keys(row.params?.shape ?? {}),
  );
  expect(parameters.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual(
    Object.keys(row.query?.shape ?? {}),
  );
  for (const { schema } of parameters) expect(Object.keys(schema)).not.toEqual([]);
});

test.each(rows)(
  '$call takes a body when its row has one and its method can carry it',
  ({ row, method, call }) => {
    const { requestBody } = operationAt(call);
    const expected = row.body !== undefined && ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
    expect(requestBody?.required).toBe(expected ? row.bodyOptional !== true : undefined);
  },
);

test.each(rows)('$call lists every status that it can answer with', ({ row, call }) => {
  const { responses, requestBody } = operationAt(call);
  const statuses = new Set(Object.keys(row.responses));
  for (const code of row.errors ?? []) statuses.add(String(errorCodes[code].status));
  if (requestBody !== undefined || row.params !== undefined || row.query !== undefined) statuses.add('400');
  if (row.auth !== 'none') statuses.add('401');
  if (requestBody !== undefined) statuses.add('413').add('415');
  statuses.add('429').add('500');
  if (row.tag !== 'Documentation') statuses.add('503');
  expect(Object.keys(responses).toSorted()).toEqual([...statuses].toSorted());
});

test.each(rows)('$call answers errors as problems, and says how long to wait', ({ call }) => {
  for (const [status, response] of Object.entries(operationAt(call).responses)) {
    if (Number(status) < 400) continue;
    const problem = resolve(document, response.$ref ?? '') as Shown['responses'][string];
    expect(Object.keys(problem.content ?? {})).toEqual(['application/problem+json']);
    expect('Retry-After' in (problem.headers ?? {})).toBe(status === '429');
  }
});

test.each(rows.filter(({ row }) => row.paged === true))('$call tells of the Link header', ({ call }) => {
  expect(operationAt(call).responses['200']?.headers).toHaveProperty('Link');
});

test('lists every error code there is', () => {
  const { properties } = document.components.schemas['Problem'] ?? { properties: {} };
  expect(properties['code']?.enum).toEqual(Object.keys(errorCodes));
  expect(Object.keys(properties)).toEqual([
    'type',
    'title',
    'status',
    'detail',
    'code',
    'request_id',
    'errors',
  ]);
});
