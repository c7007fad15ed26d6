/** The sections on codes, staying up to date, limits and types. */
import { frameCodes } from '../../../shared/contract/errors.ts';
import { type JsonSchema, namesOf } from '../json-schema.ts';
import { frameCodeMeanings, socketLimits } from '../meanings.ts';
import { code, json } from './code.ts';
import { type Html, markup, prose, table } from './html.ts';

const yesNo = (value: boolean) => (value ? 'yes' : 'no');

export function codesSection(): Html {
  const names = namesOf(frameCodes);
  return markup`<section id="codes" aria-labelledby="codes-title">
    <h2 id="codes-title">Error and close codes</h2>
    <p>
      ${prose(
        'An `error` answers a command, and the connection stays open. A `close` is the last event before the server closes the connection. Use its code instead of the code of the WebSocket close frame, which is always 1000 or 1001: API Gateway does not let servers choose it.',
      )}
    </p>
    ${table(
      'Error and close codes',
      ['Code', 'Meaning', 'What to do', 'Retry', 'Reconnect', 'Resume'],
      names.map((name) => {
        const { code: number, retryable, reconnect, resume } = frameCodes[name];
        const { means, advice } = frameCodeMeanings[name];
        return [
          markup`<code id="code-${number}">${number}</code> <code>${name}</code>`,
          prose(means),
          prose(advice),
          yesNo(retryable),
          yesNo(reconnect),
          yesNo(resume),
        ];
      }),
    )}
  </section>`;
}

export function continuitySection(): Html {
  return markup`<section id="continuity" aria-labelledby="continuity-title">
    <h2 id="continuity-title">Staying up to date</h2>
    <p>
      ${prose(
        'Each change of a room’s conversation is an entry of its log: messages, edits, deletions, changes of its members and of the room itself. Each entry has the next `seq`: 1, 2, 3 and so on, the same for all clients. You receive every entry at least once, or can detect that you missed one.',
      )}
    </p>
    <h3 id="order">Order and repeats</h3>
    <ul>
      <li>${prose('Sort messages by `seq`. Frames can arrive in a different order.')}</li>
      <li>${prose('An entry can arrive twice. Ignore a `seq` that you have already received.')}</li>
      <li>
        ${prose(
          'If you receive no `ack` within a few seconds, or the connection is lost before, send the message again with the same `client_id`. It is stored once. If it had been stored before, the `ack` is that of the original message, with `duplicate: true`.',
        )}
      </li>
    </ul>
    <h3 id="gaps">Gaps</h3>
    <p>
      ${prose(
        'You missed entries if the `seq` of an entry is more than one above the last, or if a `pong` has a higher head for the room. Request them:',
      )}
    </p>
    ${code('Requesting missed entries', json({ type: 'history', after: 7 }))}
    <p>
      ${prose(
        'The server sends the entries as the events that you missed, and then `history_end`. While its `has_more` is true, send another request with the last `seq` that you received, or with the `head` of `history_end` if you received none. A `seq` that stays without an entry because its writer failed is filled within 30 seconds.',
      )}
    </p>
    <h3 id="resume">Resuming</h3>
    <ol>
      <li>${prose('For each room, remember the last `seq` up to which you have received all entries.')}</li>
      <li>
        ${prose(
          'Reconnect with `after=<seq>`, or send `join` with `after`. Before that, wait for a random time that grows with each attempt, unless the server sent a `close` with code 4200.',
        )}
      </li>
      <li>
        ${prose(
          'The server sends all entries since then, including edits and deletions, and then `history_end`. With `recovered: true`, no entry is missing.',
        )}
      </li>
      <li>
        ${prose(
          'With `recovered: false`, the entries of `gap` are missing. Load the room again, with `history` or over HTTP.',
        )}
      </li>
    </ol>
    <h3 id="alive">Keeping the connection open</h3>
    <ul>
      <li>
        ${prose(
          'Send a `ping` at least every `heartbeat_seconds`, a field of `ready`. Otherwise you count as absent, and the gateway closes a connection after ten minutes without a frame.',
        )}
      </li>
      <li>
        ${prose('Send `auth` with a new access token before the current one expires. Otherwise the server closes the connection with code 4001.')}
      </li>
      <li>
        ${prose(
          'With `batch=1`, a frame can be a JSON array of events, which reduces the number of frames in a busy room. Handle each event as if it had arrived on its own.',
        )}
      </li>
    </ul>
  </section>`;
}

export function limitsSection(): Html {
  return markup`<section id="limits" aria-labelledby="limits-title">
    <h2 id="limits-title">Limits</h2>
    ${table(
      'Limits',
      ['Subject', 'Limit'],
      socketLimits.map(({ what, limit }) => [prose(what), prose(limit)]),
    )}
  </section>`;
}

export function typesSection(components: Readonly<Record<string, JsonSchema>>): Html {
  return markup`<section id="types" aria-labelledby="types-title">
    <h2 id="types-title">Types</h2>
    ${table(
      'Types',
      ['Name', 'Format', 'Description'],
      Object.entries(components).map(([name, schema]) => [
        markup`<span id="type-${name}">${name}</span>`,
        formatOf(schema),
        prose(schema.description ?? 'See the HTTP API.'),
      ]),
    )}
  </section>`;
}

function formatOf({ type, format, pattern, properties }: JsonSchema): Html {
  if (properties !== undefined) return markup`<code>{${Object.keys(properties).join(', ')}}</code>`;
  const detail = format ?? (pattern !== undefined && markup`<code>${pattern}</code>`);
  return markup`${type}${detail !== false && markup`, ${detail}`}`;
}
