/** Makes the OpenAPI 3.1 document from the HTTP operations of the contract. */
import { operations } from '../../shared/contract/http/operations.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { openapiOperation, type OpenapiParts } from './openapi-operation.ts';
import { problemSchema } from './problems.ts';
import { collectSchemas } from './schema-collection.ts';

const description = [
  'The HTTP API of a serverless chat backend. The WebSocket API is described in [the WebSocket documentation](/chat/websocket-docs/) and in [AsyncAPI](/asyncapi.yaml).',
  '**Signing in.** Register a user and sign in. When you sign in on this page, it uses the `access` token for the requests that follow; a token from elsewhere goes into **Authorize**. An access token expires after a few minutes: `POST /users/token/refresh/` exchanges the refresh token for a new pair.',
  '**Paths** work with and without their trailing slash.',
  '**Errors** are problem documents (RFC 9457, `application/problem+json`). Use `code`, which is stable, to decide what to do, and show `detail` to the user. `errors` lists the invalid fields. A request that the gateway refuses before it reaches the API is answered with `{"message": …}`.',
  '**Lists** are plain arrays. If there is a next page, its address is in the `Link` header of the answer.',
].join('\n\n');

const tagDescriptions: Readonly<Record<Operation['tag'], string>> = {
  Authentication: 'Registration, sign-in, tokens and sessions.',
  Users: 'Profiles, account data and the search for users.',
  Rooms: 'Public, private and direct rooms, and their members.',
  Messages: 'Messages and read markers.',
  Files: 'Uploads, and the attachments of messages that they become.',
  WebSocket: 'Tickets for WebSocket connections.',
  Documentation: 'The documentation of the API, and the health check.',
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

/** Returns the document as plain data. `version` is the version of the API. */
export function openapiDocument(version: string) {
  const parts: OpenapiParts = { schemas: collectSchemas(), responses: new Map() };
  const paths = pathsOf(parts);
  return {
    openapi: '3.1.0',
    info: { title: 'Serverless chat', version, license: { name: 'MIT', identifier: 'MIT' }, description },
    servers: [{ url: '/', description: 'The server of this document' }],
    tags: Object.entries(tagDescriptions).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `access` token from `POST /users/auth/login/`.',
        },
      },
      responses: Object.fromEntries(
        [...parts.responses].toSorted(([one], [other]) => (one < other ? -1 : 1)),
      ),
      schemas: { ...parts.schemas.components(), Problem: problemSchema },
    },
  };
}
