/** Makes docs/access-patterns.md from the table's entities, their access patterns, and the changes that the stream passes on. */
import { accessPatternsOf } from '../shared/storage/access-pattern.ts';
import { entities, entityFiles } from '../shared/storage/entities/all.ts';
import { streamChanges, streamFilters, type StreamFilter } from '../shared/storage/stream-changes.ts';
import { Table } from '../shared/storage/table.ts';
import { markdownTable } from './markdown-table.ts';

const introduction = `# The table

Generated from \`shared/storage/entities\` by \`npm run documents\`; edit the entities there.

One table, on demand, with one sparse index, a stream of old and new images, TTL and point-in-time recovery. Each kind of
item has one file, with its key, its attributes and its access patterns. The index holds only attributes that lists show
and that messages do not change, so sending a message never writes to it.
`;

const logSection = `## How a log stays in order

A writer takes the next seq from the room's head with one \`ADD\`, whose only condition is that the room exists, so a room
accepts as many messages as one partition accepts writes: a thousand a second. It then stores its entry under that seq. An
edit or a deletion points at the message that it changes but holds no content, so a deletion leaves no copy behind. \`outbox\`
marks an entry that its writer leaves to the table stream to publish, or of which watched inboxes must learn.

The \`message_count\` of a room is \`taken − voids\`. A member's unread count is \`taken − taken at the marker\`, less the seqs
after the marker that are the member's own or dead ([decision 15](decisions/0015-exact-unread-counts.md)): moving the
marker costs one write, however many messages it passes. A list of rooms reads the own seqs of 100 rooms with one request,
and an archive only for a marker that is older than it.
`;

/** Returns the page as Prettier formats it. */
export function tablePage(): string {
  return [introduction, keysSection(), logSection, streamSection(), ...entityFiles.map(fileSection)].join(
    '\n',
  );
}

function keysSection(): string {
  const rows = entities.map(({ name, description, pk, sk, index, endsBy = '' }) => [
    name,
    description,
    code(pk),
    code(sk),
    index === undefined ? '' : `${code(index.pk)}, ${code(index.sk)}`,
    endsBy,
  ]);
  const header = ['item', 'stands for', '`pk`', '`sk`', 'in the index', 'deleted by its `ttl`'];
  return `## Kinds of items\n\n${markdownTable(header, rows)}`;
}

function streamSection(): string {
  const rows = Object.values(streamChanges).map(({ entity, event, passedOnBy, handling }) => [
    entity.name,
    code(event),
    textOfFilter(streamFilters[passedOnBy]),
    handling,
  ]);
  const header = ['item', 'event', 'filter', 'what the `tableStream` function does'];
  return `## What the table stream handles\n\n${markdownTable(header, rows)}`;
}

function textOfFilter({ sortKey, sortKeyPrefix, mark }: StreamFilter): string {
  if (mark !== undefined)
    return mark.values.map((value) => code(`${mark.attribute} = ${value}`)).join(' or ');
  return sortKey === undefined ? `\`sk\` starts with ${code(sortKeyPrefix ?? '')}` : code(`sk = ${sortKey}`);
}

/** The entities of one file with their attributes and access patterns. */
function fileSection({ file, entities: here, access }: (typeof entityFiles)[number]): string {
  const attributes = here.flatMap(({ name, attributes: own }) =>
    Object.values(own)
      .filter((attribute) => attribute.name !== 'sk')
      .map((attribute) => [name, code(attribute.name), attribute.type]),
  );
  const patterns = patternsOf(access).map(({ description, requests }) => [description, requests.join(', ')]);
  const names = here.map(({ name }) => name).join(', ');
  return [
    `## ${names.charAt(0).toUpperCase()}${names.slice(1)}\n\nDefined in ${code(`shared/storage/entities/${file}`)}.\n`,
    ...(attributes.length === 0 ? [] : [markdownTable(['item', 'attribute', 'type'], attributes)]),
    ...(patterns.length === 0 ? [] : [markdownTable(['access pattern', 'request'], patterns)]),
  ].join('\n');
}

/** A table to make the stores for; nothing is requested from it. */
const unusedTable = new Table({ send: () => Promise.reject(new Error('Not in use')) }, 'unused');

/** Returns the access patterns of stores and steps, with the functions that they describe. */
export const patternsOf = (access: (typeof entityFiles)[number]['access']) =>
  access.flatMap((store) => accessPatternsOf(typeof store === 'function' ? store(unusedTable) : store));

const code = (text: string): string => `\`${text}\``;
