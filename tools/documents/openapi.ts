/** The OpenAPI 3.1 document, made from the rows. Pure: who asks gets the document and decides where it goes. */
import { operations } from '../../shared/contract/http/operations.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { openapiOperation, type OpenapiParts } from './openapi-operation.ts';
import { problemSchema } from './problems.ts';
import { collectSchemas } from './schema-collection.ts';

const description = [
  'The HTTP side of a chat without servers to run. The WebSocket side has [a page of its own](/chat/websocket-docs/) and [an AsyncAPI document](/asyncapi.yaml).',
  '**Signing in.** Register, log in, then put the `access` token behind **Authorize**. It ends after a few minutes; `POST /users/token/refresh/` exchanges the refresh token for a new pair.',
  '**Paths** answer with and without their trailing slash.',
  '**Errors** are `application/problem+json` (RFC 9457). Decide by `code`, which is one of a closed list; `errors` names the fields that failed validation. The gateway in front answers `{"message": …}` when it refuses a request before the API sees it.',
  '**Lists** are plain arrays. When there is another page, the answer’s `Link` header has its address.',
].join('\n\n');

const tagDescriptions: Readonly<Record<Operation['tag'], string>> = {
  Authentication: 'Registering, signing in and out.',
  Users: 'Profiles, and finding somebody to write to.',
  Rooms: 'Public, private and direct rooms, and who belongs to them.',
  Messages: 'A room’s log over HTTP, and how far everybody has read.',
  WebSocket: 'What is needed before a socket is opened.',
  Documentation: 'These documents, and whether the API answers.',
};

function pathsOf(parts: OpenapiParts): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, row] of Object.entries(operations)) {
    for (const method of row.methods) {
      const path = (paths[row.path] ??= {});
      path[method.toLowerCase()] = openapiOperation(name, row, method, parts);
    }
  }
  return paths;
}

/** The whole document as plain data; `version` is that of the API. */
export function openapiDocument(version: string) {
  const parts: OpenapiParts = { schemas: collectSchemas(), responses: new Map() };
  const paths = pathsOf(parts);
  return {
    openapi: '3.1.0',
    info: { title: 'Serverless chat', version, license: { name: 'MIT', identifier: 'MIT' }, description },
    servers: [{ url: '/', description: 'Where this document came from' }],
    tags: Object.entries(tagDescriptions).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `access` token that login gives.',
        },
      },
      responses: Object.fromEntries(
        [...parts.responses].toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
      schemas: { ...parts.schemas.components(), Problem: problemSchema },
    },
  };
}
