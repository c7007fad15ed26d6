/** The section on opening a connection. */
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import { subprotocol, ticketSubprotocolPrefix } from '../../../shared/contract/wire-constants.ts';
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
if (!answer.ok) throw new Error((await answer.json()).detail); // why the handshake would be refused

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
        [markup`<code>/ws/chat/{room_name}/</code>`, prose('One room. Commands need no `room_id`.')],
        [
          markup`<code>/ws/chat/</code>`,
          prose(
            'No room yet. Open and close rooms with `join` and `leave`, and send the `room_id` in each command.',
          ),
        ],
        [
          markup`<code>wss://{api}/{stage}?room={room_name}</code>`,
          prose(
            'The same on API Gateway itself, for a deployment without the edge distribution. `room` is optional.',
          ),
        ],
      ],
    )}
    <p>
      Opening a public room that does not exist creates it, unless its name has the form of an id. Only members
      can open a private room. ${prose('Names that start with `dm_` are reserved for direct rooms, which are created over HTTP.')}
    </p>

    <h3 id="authentication">Authentication</h3>
    <p>The server uses the first of these credentials that is present.</p>
    <ol>
      <li>
        <strong>A ticket</strong>, for browsers, which cannot send headers with a WebSocket handshake.
        ${prose(
          `\`POST /chat/ws-ticket/\` returns one. It can be used once, within 30 seconds. Offer it as a subprotocol, \`${subprotocol}, ${ticketSubprotocolPrefix}<ticket>\`, of which the server selects \`${subprotocol}\`, or send it as \`?ticket=<ticket>\`.`,
        )}
      </li>
      <li><strong>A header</strong>, for all other clients: ${prose('`Authorization: Bearer <access>`.')}</li>
      <li>
        <strong>A query parameter</strong>, for testing:
        ${prose('`?token=<access>`. A deployed production stage refuses it, since URLs are often logged.')}
      </li>
    </ol>
    <h4>In a browser</h4>
    ${code('Connecting from a browser', browserProgram)}
    <h4>In Node.js</h4>
    ${code('Connecting from Node.js', nodeProgram)}

    <h3 id="options">Options</h3>
    ${optionTable(schemas)}

    <h3 id="refusals">Refused handshakes</h3>
    <p>
      A refused handshake is answered with an HTTP status, since no connection is open yet that could be closed
      with a code. Browsers do not show the status to scripts. Request a ticket for the room instead: that request
      is refused with the same status and the reason.
    </p>
    ${table(
      'Refused handshakes',
      ['Status', 'WebSocket code', 'Reason', 'What to do'],
      handshakeRefusals.map(({ status, code: frameCode, means, advice }) => [
        markup`<code>${status}</code>`,
        markup`<code>${frameCode}</code>`,
        prose(means),
        prose(advice),
      ]),
    )}
  </section>`;
}
