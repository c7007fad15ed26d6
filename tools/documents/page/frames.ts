/** The sections on commands and events, made from their schemas. */
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { commandNames, eventNames, payloadOf, replies } from '../asyncapi-messages.ts';
import { commandExamples, eventExamples } from '../examples.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { SchemaCollection } from '../schema-collection.ts';
import { code, json } from './code.ts';
import { fieldTable } from './fields.ts';
import { type Html, markup, prose } from './html.ts';

interface Entry {
  kind: 'command' | 'event';
  name: string;
  summary: string;
  payload: JsonSchema;
  example: unknown;
  note?: string | undefined;
  without: readonly string[];
}

function entry({ kind, name, summary, payload, example, note, without }: Entry): Html {
  return markup`<article id="${kind}-${name}" aria-labelledby="${kind}-${name}-title">
    <h3 id="${kind}-${name}-title">
      <a href="#${kind}-${name}"><code>${name}</code></a>
    </h3>
    <p>${prose(summary)}${note !== undefined && markup` ${prose(note)}`}</p>
    ${fieldTable(`Fields of ${name}`, payload, without)} ${code(`Example of ${name}`, json(example))}
  </article> `;
}

function index(kind: Entry['kind'], names: readonly string[]): Html {
  return markup`<ul class="index">
    ${names.map(
      (name) =>
        markup`<li>
          <a href="#${kind}-${name}"><code>${name}</code></a>
        </li>`,
    )}
  </ul>`;
}

export function commandsSection(schemas: SchemaCollection): Html {
  return markup`<section id="commands" aria-labelledby="commands-title">
    <h2 id="commands-title">Commands</h2>
    <p>
      ${prose(
        'Commands are the frames that you send. Each command can have two more fields: `ref`, an identifier of your choice that the answer repeats, and `room_id`, which is required on a socket with several open rooms. Unknown fields are ignored.',
      )}
    </p>
    ${index('command', commandNames)}
    ${commandNames.map((name) => {
      const reply = replies[name];
      const { summary, payload } = payloadOf(commands[name], 'input', schemas);
      return entry({
        kind: 'command',
        name,
        summary,
        payload,
        example: commandExamples[name],
        note: reply === undefined || summary.includes(reply) ? undefined : `The answer is \`${reply}\`.`,
        without: ['type', 'ref', 'room_id'],
      });
    })}
  </section>`;
}

export function eventsSection(schemas: SchemaCollection): Html {
  return markup`<section id="events" aria-labelledby="events-title">
    <h2 id="events-title">Events</h2>
    <p>
      Events are the frames that the server sends. Ignore unknown types and fields, since later versions may add
      some.
    </p>
    ${index('event', eventNames)}
    ${eventNames.map((name) =>
      entry({
        kind: 'event',
        name,
        ...payloadOf(events[name], 'output', schemas),
        example: eventExamples[name],
        without: ['type'],
      }),
    )}
  </section>`;
}
