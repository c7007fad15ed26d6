/** Compares the committed openapi.yaml with the operations of the contract. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { errorCodes } from '../../../shared/contract/errors.ts';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { referencesIn, resolve } from './references.ts';

interface DocumentedOperation {
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
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }> }> };
}

const document = parse(readFileSync('openapi.yaml', 'utf8')) as Document;
const rows = Object.entries(operations as Record<string, Operation>).flatMap(([name, row]) =>
  row.methods.map((method) => ({ name, row, method, call: `${method} ${row.path}` })),
);
const documented = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  ),
);

function operationAt(call: string): DocumentedOperation {
  const operation = documented.get(call);
  if (operation === undefined) throw new Error(`${call} is not in the document`);
  return operation;
}

test('openapi.yaml is OpenAPI 3.1 and names the server that serves it', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers.map(({ url }) => url)).toEqual(['/']);
});

test('openapi.yaml has exactly the operations of the contract', () => {
  expect([...documented.keys()].toSorted()).toEqual(rows.map(({ call }) => call).toSorted());
});

test('the ids of operations are unique', () => {
  const ids = [...documented.values()].map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(operations)));
  expect(ids).toEqual(
    expect.arrayContaining(['updateProfilePatch', 'updateRoomPatch', 'openDirectRoomPost']),
  );
});

test('all references resolve, and all schemas are referred to', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !references.includes(`#/components/schemas/${name}`),
  );
  expect(unused).toEqual([]);
});

test('all tags in use are described', () => {
  const used = new Set([...documented.values()].flatMap(({ tags }) => tags));
  expect(document.tags.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
});

test.each(rows)('$call requires a token as its row says', ({ row, call }) => {
  const { security } = operationAt(call);
  const expected = { none: [], optional: [{}, { bearerAuth: [] }], required: [{ bearerAuth: [] }] };
  expect(security).toEqual(expected[row.auth]);
});

test.each(rows)('$call has the parameters of its row, each with a schema', ({ row, call }) => {
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
  '$call has a request body if its row has one and its method allows it',
  ({ row, method, call }) => {
    const { requestBody } = operationAt(call);
    const expected = row.body !== undefined && ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
    expect(requestBody?.required).toBe(expected ? row.bodyOptional !== true : undefined);
  },
);

test.each(rows)('$call lists all statuses of its answers', ({ row, call }) => {
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

test.each(rows)(
  '$call answers errors with problem documents, and those that end by waiting with Retry-After',
  ({ call }) => {
    for (const [status, response] of Object.entries(operationAt(call).responses)) {
      if (Number(status) < 400) continue;
      const problem = resolve(document, response.$ref ?? '') as DocumentedOperation['responses'][string];
      expect(Object.keys(problem.content ?? {})).toEqual(['application/problem+json']);
      const endsByWaiting = status === '429' || response.$ref?.endsWith('UploadNotChecked') === true;
      expect('Retry-After' in (problem.headers ?? {})).toBe(endsByWaiting);
    }
  },
);

test.each(rows.filter(({ row }) => row.paged === true))('$call documents the Link header', ({ call }) => {
  expect(operationAt(call).responses['200']?.headers).toHaveProperty('Link');
});

test('the schema of problems lists all error codes and fields', () => {
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
