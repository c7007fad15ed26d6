/** Compares what the table holds and what every client has received with the expected state. */
import type { Item } from '../../../shared/storage/item.ts';
import { listMessages } from '../../../shared/domain/messages/list-messages.ts';
import { listMyRooms } from '../../../shared/domain/rooms/list-rooms.ts';
import type { Actor } from './actors.ts';
import type { MemoryTable } from '../../kit/memory-table/memory-table.ts';
import { isOpen } from './expected-answer.ts';
import type { SeenMessage } from './pure-client.ts';
import type { Ports } from './real-ports.ts';
import type { Step } from './scenario.ts';
import type { ScenarioRun } from './set-up.ts';
import { applyEntries, type ExpectedRoom } from './expected-room.ts';

/** Checks what must hold after each step. */
export function checkStep(runScenario: ScenarioRun, steps: Step[]): void {
  const { chat, rooms, intents, divergences, actors } = runScenario;
  rooms.forEach((room, index) =>
    divergences.push(...applyEntries(room, chat.table.partition(`LOG#${room.id}`), intents[index]!)),
  );
  for (const step of steps) checkAnswer(runScenario, step);
  if (steps.some(({ command }) => 'kill' in command && command.kill !== undefined))
    for (const actor of actors) actor.current.clear();
  for (const room of rooms) {
    checkMembers(runScenario, room, steps);
    checkSubscribers(runScenario, room);
    for (const actor of actors) if (canSee(runScenario, actor, room)) checkView(runScenario, actor, room);
  }
}

function checkAnswer({ rooms, actors, divergences }: ScenarioRun, { command, answer, seq }: Step): void {
  if (!('overHttp' in command) || (answer.kind !== 'ok' && answer.kind !== 'refused')) return;
  const room = rooms[command.room]!;
  const { userId } = actors[command.who]!.caller;
  const complain = (what: string): void => void divergences.push(`${room.name}: ${command.kind} ${what}`);
  if (command.kind === 'send') {
    if (answer.kind !== 'ok') return;
    const message = room.messages.get(answer.seq!);
    if (message === undefined) return complain(`acknowledged as ${answer.seq} is not stored`);
    const clientId = command.key === undefined ? undefined : `key-${command.key}`;
    if (message.senderId !== userId || message.clientId !== clientId)
      complain(`was answered with ${answer.seq}, which is another message`);
    return;
  }
  const message = room.messages.get(seq!);
  if (message === undefined || answer.kind === 'refused') return;
  if (command.kind === 'edit' && !message.isEdited && !message.isDeleted)
    complain('did not edit the message');
  if (command.kind === 'delete' && !message.isDeleted) complain('did not delete the message');
}

function checkMembers(
  { chat, divergences, markers, mayMiscount, actors }: ScenarioRun,
  room: ExpectedRoom,
  steps: Step[],
): void {
  const items = chat.table.partition(`ROOM#${room.id}`);
  const members = items.filter(({ sk }) => (sk as string).startsWith('MEMBER#'));
  for (const member of members)
    if (member['removing_at'] !== undefined)
      divergences.push(`${room.name}: the removal of ${member['user_id'] as string} is not finished`);
  const present = members.map((member) => member['user_id'] as string).sort();
  if (room.isPrivate && present.join() !== [...room.members].sort().join())
    divergences.push(`${room.name}: members are ${present.join()}, not ${[...room.members].sort().join()}`);
  const counted = items.find(({ sk }) => sk === 'ROOM')!['member_count'];
  if (counted !== present.length && (room.isPrivate || !mayMiscount))
    divergences.push(`${room.name}: ${String(counted)} members are counted, there are ${present.length}`);
  for (const { caller } of actors) {
    const key = `${room.id} ${caller.userId}`;
    const marker = members.find((member) => member['user_id'] === caller.userId)?.['last_read_seq'] as
      number | undefined;
    const reads = steps.filter(
      ({ command }) =>
        command.kind === 'read' &&
        actors[command.who]!.caller === caller &&
        (command.room === 0) === room.isPrivate,
    );
    const changesMembers = steps.some(({ command }) => ['remove', 'add', 'leaveRoom'].includes(command.kind));
    const before = markers.get(key);
    const least = Math.max(before ?? 0, ...reads.map(({ answer, seq }) => (answer.kind === 'ok' ? seq! : 0)));
    const possible = [before, ...reads.map(({ seq }) => seq)];
    if (!changesMembers && ((marker ?? 0) < least || !possible.includes(marker)))
      divergences.push(`${room.name}: ${caller.username}'s marker is at ${marker}, not at ${least}`);
    if (marker === undefined) markers.delete(key);
    else markers.set(key, marker);
  }
}

/** Each subscriber must have a connection that has the room open and may receive its events, and vice versa. */
function checkSubscribers({ chat, divergences, actors }: ScenarioRun, room: ExpectedRoom): void {
  const subscribers = chat.table.partition(`LIVE#${room.id}#0`);
  for (const { sk, user_id: userId } of subscribers) {
    const connection = chat.table.partition(`CONN#${sk as string}`)[0];
    if (!isOpen(connection, room))
      divergences.push(`${room.name}: ${sk as string} is subscribed without having the room open`);
    if (room.isPrivate && !room.members.has(userId as string))
      divergences.push(`${room.name}: ${sk as string} is subscribed and is not a member`);
  }
  for (const { device, current, caller } of actors) {
    if (device?.isOpen !== true || !current.has(room.id)) continue;
    if (room.isPrivate && !room.members.has(caller.userId)) continue;
    const connection = chat.table.partition(`CONN#${device.connectionId}`)[0];
    if (isOpen(connection, room) && !subscribers.some(({ sk }) => sk === device.connectionId))
      divergences.push(`${room.name}: ${device.connectionId} has the room open and is not subscribed`);
  }
}

function canSee({ chat }: ScenarioRun, { device, current, client }: Actor, room: ExpectedRoom): boolean {
  if (device?.isOpen !== true || !device.isWelcome || device.failsNext > 0) return false;
  if (!current.has(room.id) || client.seen(room.id) === undefined) return false;
  return isOpen(chat.table.partition(`CONN#${device.connectionId}`)[0], room);
}

const line = (message: SeenMessage): string =>
  message.isDeleted
    ? `${message.seq} deleted`
    : `${message.seq} ${message.senderId} ${message.isEdited ? 'edited' : ''} ${message.content}`;

function checkView({ divergences }: ScenarioRun, { client, caller }: Actor, room: ExpectedRoom): void {
  const expected = [...room.messages.values()].sort((a, b) => a.seq - b.seq).map(line);
  const seen = [...client.messages(room.id).values()].sort((a, b) => a.seq - b.seq).map(line);
  const index = expected.findIndex((text, position) => text !== seen[position]);
  if (index === -1 && seen.length === expected.length) return;
  divergences.push(
    `${room.name}: ${caller.username} sees "${seen[index === -1 ? expected.length : index]}" instead of "${expected[index]}"`,
  );
}

/** Checks what must hold when every client is back and every gap was old enough to be filled. */
export async function checkEnd(runScenario: ScenarioRun): Promise<void> {
  const { chat, rooms, actors, divergences } = runScenario;
  for (const room of rooms) {
    const log = chat.table.partition(`LOG#${room.id}`);
    const head = chat.table.partition(`ROOM#${room.id}`).find(({ sk }) => sk === 'HEAD')!;
    const gaps = Array.from({ length: head['seq'] as number }, (_, index) => index + 1).filter(
      (seq) => log[seq - 1]?.['seq'] !== seq,
    );
    if (gaps.length > 0) divergences.push(`${room.name}: gaps at ${gaps.join()}`);
    for (const actor of actors) {
      if (room.isPrivate && !room.members.has(actor.caller.userId)) continue;
      const seen = actor.client.seen(room.id);
      if (seen !== head['seq'])
        divergences.push(
          `${room.name}: ${actor.caller.username} has received everything up to ${seen}, the head is ${String(head['seq'])}`,
        );
      if (!canSee(runScenario, actor, room))
        divergences.push(`${room.name}: ${actor.caller.username} could not open the room again`);
      await checkOverHttp(runScenario, actor, room, log);
    }
  }
}

async function checkOverHttp(
  runScenario: ScenarioRun,
  { caller }: Actor,
  room: ExpectedRoom,
  log: Item[],
): Promise<void> {
  const { chat, divergences, markers } = runScenario;
  const outcome = await chat.http(undefined, async (ports) => ({
    pages: await allPages(ports, caller, room.id),
    mine: (await listMyRooms(ports, caller, { limit: 50 })).items.find(({ room_id: id }) => id === room.id),
  }));
  const complain = (what: string): void => void divergences.push(`${room.name}, ${caller.username}: ${what}`);
  if (outcome.kind !== 'ok') return complain(`the room cannot be read: ${JSON.stringify(outcome)}`);
  const { pages, mine } = outcome.value;
  const expected = [...room.messages.values()].sort((a, b) => a.seq - b.seq);
  const same = pages.every(
    ({ seq, is_deleted: isDeleted, content }, at) =>
      seq === expected[at]?.seq &&
      isDeleted === expected[at].isDeleted &&
      (isDeleted || content === expected[at].content),
  );
  if (pages.length !== expected.length || !same) complain('the history differs from what was sent');
  if (mine === undefined) return complain('the room is missing from the list of their rooms');
  if (mine.message_count !== expected.length)
    complain(`${mine.message_count} messages are counted, there are ${expected.length}`);
  const marker = markers.get(`${room.id} ${caller.userId}`) ?? 0;
  const senders = new Map(log.map((entry) => [entry['seq'], entry['user_id']]));
  const own = ownSeqs(chat.table, room.id, caller.userId);
  // A writer that dies after storing a message and before recording it as the sender's own leaves it in the sender's
  // count.
  const unread = expected.filter(
    ({ seq, isDeleted }) =>
      seq > marker && !isDeleted && (senders.get(seq) !== caller.userId || !own.has(seq)),
  ).length;
  if (mine.unread_count !== unread)
    complain(`${mine.unread_count} are unread behind ${marker}, there are ${unread}`);
}

function ownSeqs(table: MemoryTable, roomId: string, userId: string): Set<number> {
  const items = table
    .partition(`UNREAD#${roomId}`)
    .filter(({ sk }) => String(sk).startsWith(`OWN#${userId}`));
  return new Set(items.flatMap(({ seqs }) => [...((seqs as Set<number> | undefined) ?? [])]));
}

async function allPages(ports: Ports, caller: Actor['caller'], roomId: string) {
  const all: Awaited<ReturnType<typeof listMessages>>['items'] = [];
  let next: { after: number } | undefined = { after: 0 };
  while (next !== undefined) {
    const page = await listMessages(ports, caller, roomId, { ...next, limit: 7 });
    all.push(...page.items);
    next = page.next as { after: number } | undefined;
  }
  return all;
}
