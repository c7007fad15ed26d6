/** The section on opening a socket. */
import {
  HandshakeQuery,
  subprotocol,
  ticketSubprotocolPrefix,
} from '../../../shared/contract/websocket/handshake.ts';
import type { SchemaCollection } from '../schema-collection.ts';
import { handshakeRefusals } from '../meanings.ts';
import { parametersOf } from '../parameters.ts';
import { code } from './code.ts';
import { typeOf } from './fields.ts';
import { markup, prose, table } from './html.ts';

const browserProgram = `const answer = await fetch('/chat/ws-ticket/', {
  method: 'POST',
  headers: { authorization: \`Bearer \${access}\`, 'content-type': 'application/json' },
  body: JSON.stringify({ room: 'general' }),
});
if (!answer.ok) throw new Error((await answer.json()).title); // says why, a socket could not

const { ticket } = await answer.json();
const url = new URL('/ws/chat/general/', location.href);
url.protocol = url.protocol.replace('http', 'ws');

const socket = new WebSocket(url, ['${subprotocol}', \`${ticketSubprotocolPrefix}\${ticket}\`]);
socket.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.type === 'chat_message') show(event.sender_username, event.message);
};
socket.onopen = () => socket.send(JSON.stringify({ type: 'message', content: 'hello', client_id: 'c-1' }));`;

const nodeProgram = `import WebSocket from 'ws';

const socket = new WebSocket('ws://localhost:3000/ws/chat/general/', {
  headers: { authorization: \`Bearer \${access}\` },
});`;

function optionTable(schemas: SchemaCollection) {
  const options = parametersOf('query', HandshakeQuery, schemas);
  return table(
    'Options of the handshake',
    ['Query', 'Type', 'Default', 'Meaning'],
    options.map(({ name, schema, description }) => [
      markup`<code>${name}</code>`,
      typeOf(schema),
      schema.default === undefined ? '–' : markup`<code>${String(schema.default)}</code>`,
      prose(description ?? ''),
    ]),
  );
}

export function connectingSection(schemas: SchemaCollection) {
  return markup`<section id="connect" aria-labelledby="connect-title">
    <h2 id="connect-title">Connecting</h2>
    ${table(
      'Addresses',
      ['Address', 'Opens'],
      [
        [
          markup`<code>/ws/chat/{room_name}/</code>`,
          'one room, for the life of the socket; commands need no room_id',
        ],
        [
          markup`<code>/ws/chat/</code>`,
          prose(
            'no room yet: take and leave rooms with `join` and `leave`, and name the `room_id` in each command',
          ),
        ],
        [
          markup`<code>wss://{api}/{stage}?room={room_name}</code>`,
          'the same on API Gateway itself, without the edge distribution in front',
        ],
      ],
    )}
    <p>
      A public room that does not exist is made when it is opened, unless its name has the form of an id. A private room opens for its members only.
      ${prose('Names that start with `dm_` belong to direct rooms, which are made over HTTP.')}
    </p>

    <h3 id="who">Saying who you are</h3>
    <p>The first of these that is present counts.</p>
    <ol>
      <li>
        <strong>A ticket</strong>, for browsers, which cannot send headers with a WebSocket.
        ${prose(
          `Ask \`POST /chat/ws-ticket/\` for one; it works once, within 30 seconds. Offer it as a subprotocol, \`${subprotocol}, ${ticketSubprotocolPrefix}<ticket>\` – the server answers \`${subprotocol}\` – or as \`?ticket=<ticket>\`.`,
        )}
      </li>
      <li><strong>A header</strong>, everywhere else: ${prose('`Authorization: Bearer <access>`.')}</li>
      <li>
        <strong>A query parameter</strong>, for testing:
        ${prose('`?token=<access>`. A deployed production stage refuses it, since addresses end up in logs.')}
      </li>
    </ol>
    <h4>In a browser</h4>
    ${code('Connecting from a browser', browserProgram)}
    <h4>In Node.js</h4>
    ${code('Connecting from Node.js', nodeProgram)}

    <h3 id="options">Options</h3>
    ${optionTable(schemas)}

    <h3 id="refusals">When it is refused</h3>
    <p>
      A refused handshake answers with an HTTP status; there is no socket yet that could be closed with a
      code. Browsers hide the status from scripts: ask for a ticket that names the room, and the answer to
      that tells why.
    </p>
    ${table(
      'Refused handshakes',
      ['Status', 'Stands for', 'Because', 'What to do'],
      handshakeRefusals.map(({ status, code: frameCode, means, advice }) => [
        markup`<code>${status}</code>`,
        markup`<code>${frameCode}</code>`,
        prose(means),
        prose(advice),
      ]),
    )}
  </section>`;
}
