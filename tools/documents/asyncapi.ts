/** The AsyncAPI 3 document, made from the commands, the events and the handshake. Pure, like the OpenAPI one. */
import { frameCodes } from '../../shared/contract/errors.ts';
import { asyncapiChannels, asyncapiOperations } from './asyncapi-channels.ts';
import { asyncapiMessages } from './asyncapi-messages.ts';
import { namesOf } from './json-schema.ts';
import { frameCodeMeanings, handshakeRefusals, socketLimits } from './meanings.ts';
import { collectSchemas } from './schema-collection.ts';

const description = [
  'The WebSocket side of a chat without servers to run. [The page](/chat/websocket-docs/) tells the same with more words; the HTTP side is in [OpenAPI](/openapi.yaml).',
  'After a room was opened the server sends `ready`, `room_users_list`, the newest messages oldest first as `chat_message`, then `history_end`.',
  'Everything that changes a room’s conversation is an entry of its log with the next `seq`. A client that remembers the last `seq` it saw resumes with `after=<seq>`, and asks for what it missed with `history`.',
  'On API Gateway itself, without the edge distribution in front, the address is `wss://<api>/<stage>?room=<room_name>`.',
].join('\n\n');

const securitySchemes = {
  ticketSubprotocol: {
    type: 'httpApiKey',
    name: 'Sec-WebSocket-Protocol',
    in: 'header',
    description:
      'For browsers: offer `chat.v1, ticket.<ticket>` with a ticket of `POST /chat/ws-ticket/`; the server answers `chat.v1`.',
  },
  ticketQuery: {
    type: 'httpApiKey',
    name: 'ticket',
    in: 'query',
    description: 'The same ticket, where a subprotocol cannot be chosen.',
  },
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'For everything that can send headers: `Authorization: Bearer <access>`.',
  },
  tokenQuery: {
    type: 'httpApiKey',
    name: 'token',
    in: 'query',
    description: 'An access token, for testing; switched off on a deployed production stage.',
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

/** The whole document as plain data; `version` is that of the API. */
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
