/** The documents repeat some numbers of the code; each of them is compared with the code here. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as limits from '../../shared/contract/limits.ts';
import { smallRoomConnections } from '../../shared/domain/thresholds.ts';
import { settingRows } from '../../shared/settings/settings.ts';
import { clientModel } from '../chaos/scenarios/client-model.ts';
import { continuity } from '../chaos/scenarios/continuity.ts';
import { killSchedule, sizes as killSizes } from '../chaos/scenarios/acknowledged-means-durable.ts';
import { lateWriters } from '../chaos/scenarios/late-writers.ts';
import { plannedReconnects } from '../chaos/scenarios/planned-reconnects.ts';
import { reconnectStorm } from '../chaos/scenarios/reconnect-storm.ts';
import { repeatedSends } from '../chaos/scenarios/repeated-sends.ts';
import { serverModel } from '../chaos/scenarios/server-model.ts';
import { scenarios } from '../chaos/scenarios.ts';
import { cells, kinds, userKinds } from '../e2e/access/expectations.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

/** Returns the text of a document with one space for each run of white space, so that lines may break anywhere. */
const textOf = (path: string): string => readFileSync(path, 'utf8').replaceAll(/\s+/g, ' ');

const number = (value: number): string => value.toLocaleString('en-US');

const actions = new Set(cells.map(({ action }) => action));
const full = <T>({ sizes }: { sizes: { full: T } }): T => sizes.full;

const repeated: [document: string, text: string][] = [
  [
    'docs/security.md',
    `${actions.size} actions by ${userKinds.length} kinds of users on ${kinds.length} kinds of rooms, ` +
      `${number(cells.length)} cells with expectations`,
  ],
  ['docs/security.md', `${limits.passwordMinimumLength} to ${limits.passwordMaximumLength} characters`],
  ['docs/security.md', `A ticket is valid once, for ${limits.ticketLifetimeSeconds} seconds`],
  ['docs/security.md', `name is reserved for ${limits.roomNameReservationDays} days after a rename`],
  [
    'docs/security.md',
    `content is at most ${limits.contentBytes / 1024} KB encoded, a frame ${limits.frameBytes / 1024} KB, ` +
      `a page ${limits.answerBytes / 1024} KB`,
  ],
  ['docs/cost.md', `a message of ${number(limits.contentLength)} characters`],
  ['docs/scale.md', `one shard up to ${smallRoomConnections} connections`],
  ['docs/scale.md', `Above ${smallRoomConnections} connections the writer`],
  ['docs/scale.md', `in rooms of up to ${smallRoomConnections} sockets`],
  ['docs/scale.md', `\`room_users_list\` names ${limits.roomUsersListed} users`],
  ['docs/guarantees.md', `at all ${killSchedule(1, killSizes.full).length} points`],
  [
    'docs/guarantees.md',
    `--seeds 1..5 # the client, with ${5 * full(clientModel).schedules} random schedules`,
  ],
  ['docs/guarantees.md', `${number(full(serverModel).scenarios)} random scenarios`],
  [
    'docs/guarantees.md',
    `${number(full(repeatedSends).senders * full(repeatedSends).clientIdsPerSender)} ids, sent`,
  ],
  ['docs/guarantees.md', `${number(full(lateWriters).lateWriters)} writers delayed`],
  ['docs/guarantees.md', `${number(full(continuity).drops)} connections dropped`],
  [
    'docs/guarantees.md',
    `${number(full(plannedReconnects).sockets * full(plannedReconnects).reconnects)} reconnects`,
  ],
  ['docs/guarantees.md', `${number(full(reconnectStorm).sockets)} connections cut at once`],
];

/** Mentions of a setting with its value: `NAME`, 20 or `NAME` (20 in prod) or `NAME` is 20. */
const mention = /`([A-Z][A-Z0-9_]+)`(?:, | \(| is )([\d,]*\d)(?![\w.])/g;
const mentions = documents.flatMap((path) =>
  [...textOf(path).matchAll(mention)].map(([, variable, value]) => [path, variable!, value!] as const),
);

describe('a number that documents repeat', () => {
  it.each(repeated)('is that of the code in %s: %s', (document, text) => {
    expect(textOf(document)).toContain(text);
  });

  it('is mentioned for some settings', () => {
    expect(mentions.length).toBeGreaterThan(5);
  });

  it.each(mentions)('is the default in production in %s: %s, %s', (_, variable, value) => {
    const [, row] = settingRows.find(([, { variable: name }]) => name === variable) ?? [];
    expect(value).toBe(number(Number(row?.defaults.prod)));
  });
});

describe('the results of the scenarios', () => {
  it('are listed in docs/guarantees.md for every scenario of the chaos tests', () => {
    const listed = [...readFileSync('docs/guarantees.md', 'utf8').matchAll(/^\| ([a-z][^|]*?) +\|/gm)].map(
      ([, name]) => name,
    );
    for (const { name } of scenarios.filter((scenario) => scenario !== clientModel))
      expect(listed).toContain(name);
  });
});
