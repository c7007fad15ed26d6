/**
 * Returns how a command must be answered when no other runs at the same time, by the protocol's rules written again.
 */
import type { Item } from '../../../shared/storage/item.ts';
import type { Actor } from './actors.ts';
import type { Command } from './commands.ts';
import type { ScenarioRun } from './set-up.ts';
import type { ExpectedRoom } from './expected-room.ts';

/** Returns `ok` or the name of the error; undefined when the writer is killed, so that the answer is not known. */
export function expectedAnswer({ actors, rooms, chat }: ScenarioRun, command: Command): string | undefined {
  if ('kill' in command && command.kill !== undefined) return undefined;
  const actor = actors['who' in command ? command.who : 0]!;
  const room = rooms['room' in command ? (command.room ?? 0) : 0]!;
  const { userId } = actor.caller;
  const mayOpen = !room.isPrivate || room.members.has(userId);
  const belongs = chat.table.partition(`ROOM#${room.id}`).some(({ sk }) => sk === `MEMBER#${userId}`);
  const isCreator = userId === room.creatorId;

  switch (command.kind) {
    case 'send':
      if (!mayWrite(command)) return 'not_found';
      return answerToSend(room, command, userId, actor.caller.username);
    case 'edit':
    case 'delete':
    case 'read':
      return mayWrite(command) ? answerToChange(room, command, userId, belongs) : 'not_found';
    case 'connect':
      return command.room === undefined || mayOpen ? 'ok' : 'forbidden';
    case 'join':
      return mayOpen ? 'ok' : 'forbidden';
    case 'leave':
      return actor.device?.isSingleRoom === true ? 'forbidden' : 'ok';
    case 'leaveRoom':
      if (!mayOpen) return 'not_found';
      return isCreator || !belongs ? 'forbidden' : 'ok';
    case 'remove':
      if (actors[command.target]!.caller.userId === room.creatorId) return 'forbidden';
      return room.members.has(actors[command.target]!.caller.userId) ? 'ok' : 'not_found';
    case 'add':
    case 'catchUp':
    case 'describe':
    case 'drop':
    case 'failPosts':
    case 'pass':
      return 'ok';
  }

  function mayWrite({ overHttp }: { overHttp: boolean }): boolean {
    return overHttp ? mayOpen : isOpenFor(actor, room);
  }

  function isOpenFor({ device }: Actor, { id }: ExpectedRoom): boolean {
    return isOpen(chat.table.partition(`CONN#${device?.connectionId}`)[0], { id });
  }
}

/** Whether the room is open on that connection. */
export function isOpen(connection: Item | undefined, { id }: Pick<ExpectedRoom, 'id'>): boolean {
  const room = (connection?.['rooms'] as Record<string, { isRemoved?: boolean }> | undefined)?.[id];
  return room !== undefined && room.isRemoved !== true;
}

function answerToSend(
  room: ExpectedRoom,
  { key, otherContent }: Extract<Command, { kind: 'send' }>,
  userId: string,
  username: string,
): string {
  if (key === undefined) return 'ok';
  const original = room.keys.get(`${userId} key-${key}`);
  const content = `${username} ${room.name} key-${key}${otherContent ? ' otherwise' : ''}`;
  return original === undefined || original === content ? 'ok' : 'conflict';
}

function answerToChange(
  room: ExpectedRoom,
  { kind, pick, overHttp }: Extract<Command, { kind: 'edit' | 'delete' | 'read' }>,
  userId: string,
  belongs: boolean,
): string | undefined {
  const all = [...room.messages.values()];
  const message = all[pick % Math.max(1, all.length)];
  if (message === undefined) return undefined;
  if (kind === 'read') return belongs || overHttp ? 'ok' : 'forbidden';
  if (message.senderId !== userId) return 'forbidden';
  return kind === 'edit' && message.isDeleted ? 'not_found' : 'ok';
}
