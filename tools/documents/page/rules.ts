/** The sections on codes, on staying up to date, and on limits and types. */
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
        'An `error` answers a command, and the socket stays open. A `close` is the last frame before the server ends the connection: API Gateway lets no server choose the code of the close itself, so that is always 1000 or 1001.',
      )}
    </p>
    ${table(
      'Error and close codes',
      ['Code', 'Means', 'What to do', 'Retry', 'Come back', 'Resume'],
      names.map((name) => {
        const { code: number, retryable, reconnect, resume } = frameCodes[name];
        const { means, advice } = frameCodeMeanings[name];
        return [
          markup`<code id="code-${number}">${number}</code> <code>${name}</code>`,
          means,
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
        'Everything that changes a room’s conversation – messages, edits, deletions, members who come and go, changes to the room – is an entry of its log, with the next `seq`: 1, 2, 3 and so on, the same for everyone. You get every entry at least once, or you can tell that you missed one.',
      )}
    </p>
    <h3 id="order">Order and repeats</h3>
    <ul>
      <li>${prose('Show messages by `seq`, not in the order in which frames arrive.')}</li>
      <li>${prose('An entry may arrive twice: drop a `seq` that you have seen.')}</li>
      <li>
        ${prose(
          'No `ack` within a few seconds, or the socket broke before it came? Send again with the same `client_id`: one message is stored, and the answer is the original with `duplicate: true`.',
        )}
      </li>
    </ul>
    <h3 id="gaps">Gaps</h3>
    <p>
      ${prose(
        'You missed something when an entry’s `seq` is more than one above the last, or when a `pong` names a higher head. Ask for it:',
      )}
    </p>
    ${code('Asking for what was missed', json({ type: 'history', after: 7 }))}
    <p>
      ${prose(
        'The entries come as the events they were, then `history_end`. While its `has_more` is true, ask again after the last `seq` you got, or after its `head` when it brought none. A number whose writer died is filled within 30 seconds, so no gap lasts.',
      )}
    </p>
    <h3 id="resume">Resuming</h3>
    <ol>
      <li>${prose('Remember the last `seq` of each room up to which you have everything.')}</li>
      <li>
        ${prose(
          'Reconnect with `after=<seq>`, or `join` with `after`. Any server will do, after any break. Wait a random while first, longer each time, unless a `close` frame said 4200.',
        )}
      </li>
      <li>
        ${prose(
          'The server sends what came since, edits and deletions included, then `history_end`. `recovered: true` means that nothing is missing.',
        )}
      </li>
      <li>
        ${prose(
          '`recovered: false` names the `gap` that could not be filled. Load the room anew, with `history` or over HTTP.',
        )}
      </li>
    </ol>
    <h3 id="alive">Staying alive</h3>
    <ul>
      <li>
        ${prose(
          'Send `ping` at least every `heartbeat_seconds` of `ready`. Without it you count as gone, and the gateway ends silent connections after ten minutes.',
        )}
      </li>
      <li>
        ${prose('Send `auth` with a new access token before the old one ends, or the socket is closed with 4001.')}
      </li>
      <li>
        ${prose(
          'With `batch=1` a frame may be a JSON array of events. It saves frames in a busy room: handle each event as if it had come alone.',
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
      ['What', 'Limit'],
      socketLimits.map(({ what, limit }) => [what, limit]),
    )}
  </section>`;
}

export function typesSection(components: Readonly<Record<string, JsonSchema>>): Html {
  return markup`<section id="types" aria-labelledby="types-title">
    <h2 id="types-title">Types</h2>
    ${table(
      'Types',
      ['Name', 'Form', 'Meaning'],
      Object.entries(components).map(([name, schema]) => [
        markup`<span id="type-${name}">${name}</span>`,
        formOf(schema),
        prose(schema.description ?? 'As in the HTTP API.'),
      ]),
    )}
  </section>`;
}

function formOf({ type, format, pattern, properties }: JsonSchema): Html {
  if (properties !== undefined) return markup`<code>{${Object.keys(properties).join(', ')}}</code>`;
  const detail = format ?? (pattern !== undefined && markup`<code>${pattern}</code>`);
  return markup`${type}${detail !== false && markup`, ${detail}`}`;
}
