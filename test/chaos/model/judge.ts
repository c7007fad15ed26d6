/** Compares what the table holds and what everybody heard with the truth, once all is quiet. */
import type { Item } from '../../../shared/storage/item.ts';
import { listMessages } from '../../../shared/domain/messages/list-messages.ts';
import { listMyRooms } from '../../../shared/domain/rooms/list-rooms.ts';
import type { Actor } from './actors.ts';
import type { MemoryTable } from './memory-table.ts';
import { isOpen } from './predict.ts';
import type { SeenMessage } from './pure-client.ts';
import type { Ports } from './real-chat.ts';
import type { ScenarioRun, Step } from './scenario.ts';
import { takeIn, type TrueRoom } from './truth.ts';

/** What must hold after each step. */
export function judgeStep(runScenario: ScenarioRun, steps: Step[]): void {
  const { chat, rooms, intents, divergences, actors } = runScenario;
  rooms.forEach((room, at) =>
    divergences.push(...takeIn(room, chat.table.partition(`LOG#${room.id}`), intents[at]!)),
  );
  for (const step of steps) judgeAnswer(runScenario, step);
  if (steps.some(({ command }) => 'death' in command && command.death !== undefined))
    for (const actor of actors) actor.current.clear();
  for (const room of rooms) {
    judgeMembers(runScenario, room, steps);
    judgeSubscribers(runScenario, room);
    for (const actor of actors) if (mayHave(runScenario, actor, room)) judgeView(runScenario, actor, room);
  }
}

function judgeAnswer({ rooms, actors, divergences }: ScenarioRun, { command, answer, seq }: Step): void {
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
  if (command.kind === 'edit' && !message.isEdited && !message.isDeleted) complain('left no trace');
  if (command.kind === 'delete' && !message.isDeleted) complain('left the message there');
}

function judgeMembers(
  { chat, divergences, markers, mayMiscount, actors }: ScenarioRun,
  room: TrueRoom,
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

/** Whoever is in the subscribers has a connection with the room open, and may hear it; and the other way round. */
function judgeSubscribers({ chat, divergences, actors }: ScenarioRun, room: TrueRoom): void {
  const subscribers = chat.table.partition(`LIVE#${room.id}#0`);
  for (const { sk, user_id: userId } of subscribers) {
    const connection = chat.table.partition(`CONN#${sk as string}`)[0];
    if (!isOpen(connection, room))
      divergences.push(`${room.name}: ${sk as string} was left behind in the subscribers`);
    if (room.isPrivate && !room.members.has(userId as string))
      divergences.push(`${room.name}: ${sk as string} hears it and is no member`);
  }
  for (const { device, current, caller } of actors) {
    if (device?.isOpen !== true || !current.has(room.id)) continue;
    if (room.isPrivate && !room.members.has(caller.userId)) continue;
    const connection = chat.table.partition(`CONN#${device.connectionId}`)[0];
    if (isOpen(connection, room) && !subscribers.some(({ sk }) => sk === device.connectionId))
      divergences.push(`${room.name}: ${device.connectionId} has it open and is not in the subscribers`);
  }
}

function mayHave({ chat }: ScenarioRun, { device, current, client }: Actor, room: TrueRoom): boolean {
  if (device?.isOpen !== true || !device.isWelcome || device.failsNext > 0) return false;
  if (!current.has(room.id) || client.seen(room.id) === undefined) return false;
  return isOpen(chat.table.partition(`CONN#${device.connectionId}`)[0], room);
}

const line = (message: SeenMessage): string =>
  message.isDeleted
    ? `${message.seq} deleted`
    : `${message.seq} ${message.senderId} ${message.isEdited ? 'edited' : ''} ${message.content}`;

function judgeView({ divergences }: ScenarioRun, { client, caller }: Actor, room: TrueRoom): void {
  const truth = [...room.messages.values()].sort((a, b) => a.seq - b.seq).map(line);
  const seen = [...client.messages(room.id).values()].sort((a, b) => a.seq - b.seq).map(line);
  const at = truth.findIndex((text, index) => text !== seen[index]);
  if (at === -1 && seen.length === truth.length) return;
  divergences.push(
    `${room.name}: ${caller.username} sees "${seen[at === -1 ? truth.length : at]}" where there is "${truth[at]}"`,
  );
}

/** What must hold when everybody is back and every hole was old enough to be filled. */
export async function judgeEnd(runScenario: ScenarioRun): Promise<void> {
  const { chat, rooms, actors, divergences } = runScenario;
  for (const room of rooms) {
    const log = chat.table.partition(`LOG#${room.id}`);
    const head = chat.table.partition(`ROOM#${room.id}`).find(({ sk }) => sk === 'HEAD')!;
    const holes = Array.from({ length: head['seq'] as number }, (_, at) => at + 1).filter(
      (seq) => log[seq - 1]?.['seq'] !== seq,
    );
    if (holes.length > 0) divergences.push(`${room.name}: nothing at ${holes.join()}`);
    for (const actor of actors) {
      if (room.isPrivate && !room.members.has(actor.caller.userId)) continue;
      const seen = actor.client.seen(room.id);
      if (seen !== head['seq'])
        divergences.push(
          `${room.name}: ${actor.caller.username} came to ${seen}, the head is ${String(head['seq'])}`,
        );
      if (!mayHave(runScenario, actor, room))
        divergences.push(`${room.name}: ${actor.caller.username} could not come back`);
      await judgeOverHttp(runScenario, actor, room, log);
    }
  }
}

async function judgeOverHttp(
  runScenario: ScenarioRun,
  { caller }: Actor,
  room: TrueRoom,
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
  const truth = [...room.messages.values()].sort((a, b) => a.seq - b.seq);
  const same = pages.every(
    ({ seq, is_deleted: isDeleted, content }, at) =>
      seq === truth[at]?.seq &&
      isDeleted === truth[at].isDeleted &&
      (isDeleted || content === truth[at].content),
  );
  if (pages.length !== truth.length || !same) complain('the history is not what was sent');
  if (mine === undefined) return complain('the room is not among their own');
  if (mine.message_count !== truth.length)
    complain(`${mine.message_count} messages are counted, there are ${truth.length}`);
  const marker = markers.get(`${room.id} ${caller.userId}`) ?? 0;
  const senders = new Map(log.map((entry) => [entry['seq'], entry['user_id']]));
  const own = ownSeqs(chat.table, room.id, caller.userId);
  // A writer that died between storing a message and noting it as the sender's own leaves it in the sender's count.
  const unread = truth.filter(
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
