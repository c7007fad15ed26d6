/** Turns a row of the HTTP contract into an operation of the OpenAPI document. */
import type * as z from 'zod';
import { errorCodes } from '../../shared/contract/errors.ts';
import type { Method, Operation } from '../../shared/contract/http/operation.ts';
import type { JsonSchema } from './json-schema.ts';
import { parametersOf } from './parameters.ts';
import { codesOf, problemResponse, problemResponseName, takesBody } from './problems.ts';
import type { SchemaCollection } from './schema-collection.ts';

/** The components to which the operations of a document refer. */
export interface OpenapiParts {
  schemas: SchemaCollection;
  responses: Map<string, unknown>;
}

const statusDescriptions: Readonly<Record<string, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No content',
};

const linkHeader = {
  Link: {
    description: 'The address of the next page, if there is one: `<…>; rel="next"`.',
    schema: { type: 'string' },
  },
};

/** Returns the name of the row, with the method appended for all methods but the first. */
export function operationId(name: string, operation: Operation, method: Method): string {
  if (method === operation.methods[0]) return name;
  return name + method.charAt(0) + method.slice(1).toLowerCase();
}

function requestBodyOf(operation: Operation, schemas: SchemaCollection) {
  if (operation.body === undefined) return undefined;
  return {
    required: operation.bodyOptional !== true,
    content: { 'application/json': { schema: schemas.refer(operation.body, 'input') } },
  };
}

function contentOf(response: z.ZodType | string, schemas: SchemaCollection) {
  return typeof response === 'string'
    ? { [response]: { schema: { type: 'string' } satisfies JsonSchema } }
    : { 'application/json': { schema: schemas.refer(response, 'output') } };
}

function responsesOf(operation: Operation, method: Method, { schemas, responses }: OpenapiParts) {
  const answers: Record<string, unknown> = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    answers[status] = {
      description: statusDescriptions[status],
      ...(operation.paged === true && { headers: linkHeader }),
      ...(response !== null && { content: contentOf(response, schemas) }),
    };
  }
  const codes = codesOf(operation, method);
  for (const status of new Set(codes.map((code) => errorCodes[code].status))) {
    const sharing = codes.filter((code) => errorCodes[code].status === status);
    const name = problemResponseName(sharing);
    responses.set(name, problemResponse(sharing));
    answers[String(status)] = { $ref: `#/components/responses/${name}` };
  }
  return answers;
}

const securityOf: Readonly<Record<Operation['auth'], object[]>> = {
  none: [],
  optional: [{}, { bearerAuth: [] }],
  required: [{ bearerAuth: [] }],
};

/** Returns the operation object of a row and method, and adds the components that it refers to to `parts`. */
export function openapiOperation(name: string, operation: Operation, method: Method, parts: OpenapiParts) {
  const { schemas } = parts;
  const parameters = [
    ...parametersOf('path', operation.params, schemas),
    ...parametersOf('query', operation.query, schemas),
  ];
  return {
    operationId: operationId(name, operation, method),
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description !== undefined && { description: operation.description }),
    security: securityOf[operation.auth],
    ...(parameters.length > 0 && { parameters }),
    ...(takesBody(operation, method) && { requestBody: requestBodyOf(operation, schemas) }),
    responses: responsesOf(operation, method, parts),
  };
}
