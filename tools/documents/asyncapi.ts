/** Makes the AsyncAPI 3 document from the commands, the events and the handshake of the contract. */
import { frameCodes } from '../../shared/contract/errors.ts';
import { asyncapiChannels, asyncapiOperations } from './asyncapi-channels.ts';
import { asyncapiMessages } from './asyncapi-messages.ts';
import { namesOf } from './json-schema.ts';
import { frameCodeMeanings, handshakeRefusals, socketLimits } from './meanings.ts';
import { collectSchemas } from './schema-collection.ts';

const description = [
  'The WebSocket API of a serverless chat backend. [The WebSocket documentation](/chat/websocket-docs/) explains it in more detail; the HTTP API is described in [OpenAPI](/openapi.yaml).',
  'After a room was opened, the server sends `ready`, `room_users_list`, the newest messages as `chat_message`, oldest first, and `history_end`.',
  'Each change of a room’s conversation is an entry of its log and has the next `seq`. A client that remembers the last `seq` it received can resume with `after=<seq>` and request missed entries with `history`.',
  'Without the edge distribution in front of API Gateway, the address is `wss://<api>/<stage>?room=<room_name>`.',
].join('\n\n');

const securitySchemes = {
  ticketSubprotocol: {
    type: 'httpApiKey',
    name: 'Sec-WebSocket-Protocol',
    in: 'header',
    description:
      'For browsers: offer the subprotocols `chat.v1, ticket.<ticket>` with a ticket from `POST /chat/ws-ticket/`. The server selects `chat.v1`.',
  },
  ticketQuery: {
    type: 'httpApiKey',
    name: 'ticket',
    in: 'query',
    description: 'The same ticket, for clients that cannot choose a subprotocol.',
  },
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'For clients that can send headers: `Authorization: Bearer <access>`.',
  },
  tokenQuery: {
    type: 'httpApiKey',
    name: 'token',
    in: 'query',
    description: 'An access token, for testing. Disabled on a deployed production stage.',
  },
};

const security = Object.keys(securitySchemes).map((name) => ({
  $ref: `#/components/securitySchemes/${name}`,
}));

const codes = namesOf(frameCodes).map((name) => ({
  name,
  ...frameCodes[name],
  ...frameCodeMeanings[name],
}));

/** Returns the document as plain data. `version` is the version of the API. */
export function asyncapiDocument(version: string) {
  const schemas = collectSchemas();
  const channels = asyncapiChannels(schemas);
  const messages = asyncapiMessages(schemas);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Serverless chat: WebSocket', version, license: { name: 'MIT' }, description },
    defaultContentType: 'application/json',
    servers: {
      local: { host: 'localhost:3000', protocol: 'ws', description: 'The local runtime', security },
      deployed: {
        host: '{domain}',
        protocol: 'wss',
        description: 'The edge distribution of a deployed stage',
        variables: { domain: { description: 'The distribution’s domain', examples: ['chat.example.com'] } },
        security,
      },
    },
    channels,
    operations: asyncapiOperations(),
    components: { messages, schemas: schemas.components(), securitySchemes },
    'x-codes': codes,
    'x-handshake-refusals': handshakeRefusals,
    'x-limits': socketLimits,
  };
}
