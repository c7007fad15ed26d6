/** Executes one command over the user's socket or over HTTP. */
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { findOwnMessage } from '../../../shared/domain/messages/find-message.ts';
import { markRead } from '../../../shared/domain/messages/read-markers.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import { ensureMember } from '../../../shared/domain/rooms/membership/join-room.ts';
import { findRoomFor } from '../../../shared/domain/rooms/find-room.ts';
import { addMember, leaveRoom, removeMember } from '../../../shared/domain/rooms/membership/members.ts';
import { updateRoom } from '../../../shared/domain/rooms/update-room.ts';
import { recordOwnSeq, archiveAfterSend } from '../../../shared/domain/messages/unread-seqs.ts';
import { stillAllowed } from '../../../shared/domain/rooms/verify-access.ts';
import type { Actor } from './actors.ts';
import type { Command } from './commands.ts';
import type { Event, Outcome, RealChat } from './real-chat.ts';
import type { Ports } from './real-ports.ts';
import type { Intents, ExpectedRoom } from './expected-room.ts';

/** The result of a command, as far as the user can see it. */
export type Answer =
  /** `seq` is that of the message that was sent. */
  | { kind: 'ok'; seq?: number; duplicate?: boolean }
  | { kind: 'refused'; name: string }
  /** The function was killed, or the answer was lost. */
  | { kind: 'unknown' }
  /** There was no socket or message to use. */
  | { kind: 'skipped' };

export interface Fixture {
  chat: RealChat;
  actors: Actor[];
  rooms: ExpectedRoom[];
  /** By room, for the present step. */
  intents: Intents[];
  random: () => number;
  /** Returns a text that no user has written before. */
  newText(): string;
}

const isPublishedByStream = (): boolean => true;
let references = 0;

/** Error codes that frames call by another name. */
const frameNames: Record<string, string> = { client_id_reused: 'conflict' };

export function answerOf(outcome: Outcome<{ seq?: number; duplicate?: boolean } | void>): Answer {
  if (outcome.kind === 'ok') return { kind: 'ok', ...outcome.value };
  if (outcome.kind === 'killed') return { kind: 'unknown' };
  return { kind: 'refused', name: frameNames[outcome.code] ?? outcome.code };
}

/** Sends a frame over the socket. An error carries the command's reference. */
export async function overSocket(
  { chat }: Pick<Fixture, 'chat'>,
  { device }: Actor,
  frame: Event,
  lifetime?: { killAtTurn: number; killAfterStep: boolean },
): Promise<Answer> {
  if (device?.isOpen !== true || !device.isWelcome) return { kind: 'skipped' };
  const ref = frame['client_id'] === undefined ? `ref-${(references += 1)}` : undefined;
  const failed = device.failed;
  const errors = device.errors.length;
  const before = device.acks.length;
  const end = await chat.frame(device.connectionId, { ...frame, ...(ref && { ref }) }, lifetime);
  const refusal = device.errors.slice(errors).find((error) => error['ref'] === (ref ?? frame['client_id']));
  if (refusal) return { kind: 'refused', name: refusal['name'] as string };
  if (end === 'killed' || device.failed > failed || !device.isOpen) return { kind: 'unknown' };
  if (frame.type !== 'message') return { kind: 'ok' };
  const acks = device.acks.slice(before).filter((ack) => ack['client_id'] === frame['client_id']);
  // Two concurrent sends without a client_id have answers that look alike.
  if (acks.length !== 1) return { kind: 'unknown' };
  return { kind: 'ok', seq: acks[0]!['seq'] as number, duplicate: acks[0]!['duplicate'] as boolean };
}

const lifetimeOf = (command: { kill: { turn: number; afterStep: boolean } | undefined }) =>
  command.kill && { killAtTurn: command.kill.turn, killAfterStep: command.kill.afterStep };

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function send(fixture: Fixture, command: Of<'send'>): Promise<Answer> {
  const { chat, actors, rooms, intents } = fixture;
  const [actor, room] = [actors[command.who]!, rooms[command.room]!];
  const { userId, username } = actor.caller;
  const clientId = command.key === undefined ? undefined : `key-${command.key}`;
  const content =
    clientId === undefined
      ? fixture.newText()
      : `${username} ${room.name} ${clientId}${command.otherContent ? ' otherwise' : ''}`;
  intents[command.room]!.texts.set(content, { userId, clientId, editOf: undefined });
  if (!command.overHttp) {
    const frame = { type: 'message', room_id: room.id, content, ...(clientId && { client_id: clientId }) };
    return overSocket(fixture, actor, frame, lifetimeOf(command));
  }
  const sending = { roomId: room.id, userId, username, content, clientId, isPublishedByStream };
  return chat
    .http(lifetimeOf(command), async (ports) => {
      const found = await findRoomFor('sendMessage', ports, room.id, userId);
      await ensureMember(ports, found.room, found.member, actor.caller);
      const verify = stillAllowed(ports, { action: 'sendMessage', roomId: room.id, userId });
      const sent = await sendMessage(ports, { ...sending, verify });
      const { entry, duplicate } = sent;
      await archiveAfterSend(ports, sent, await recordOwnSeq(ports, entry));
      return { seq: entry.seq, duplicate };
    })
    .then(answerOf);
}

function ownMessage(
  ports: Ports,
  action: 'editMessage' | 'deleteMessage',
  { userId }: Caller,
  messageId: string,
) {
  return findOwnMessage(ports, { userId, messageId }, async (roomId) => {
    await findRoomFor(action, ports, roomId, userId);
    return stillAllowed(ports, { action, roomId, userId });
  });
}

/** Edits, deletes or reads the stored message with this seq. */
export async function changeMessage(
  fixture: Fixture,
  command: Of<'edit' | 'delete' | 'read'>,
  seq: number,
): Promise<Answer> {
  const { chat, actors, rooms } = fixture;
  const intents = fixture.intents[command.room]!;
  const [actor, room] = [actors[command.who]!, rooms[command.room]!];
  const { caller } = actor;
  const { userId } = caller;
  const messageId = encodeMessageId(room.id, seq);
  const content = fixture.newText();
  if (command.kind === 'edit') intents.texts.set(content, { userId, clientId: undefined, editOf: seq });
  if (command.kind === 'delete' && room.messages.get(seq)?.senderId === userId)
    intents.deletions.set(seq, userId);
  if (!command.overHttp) {
    const frame: Event = { type: command.kind, room_id: room.id, message_id: messageId };
    return overSocket(
      fixture,
      actor,
      command.kind === 'edit' ? { ...frame, content } : frame,
      lifetimeOf(command),
    );
  }
  const outcome = await chat.http(lifetimeOf(command), async (ports) => {
    if (command.kind === 'read') {
      await markRead(ports, caller, room.id, messageId);
      return;
    }
    const action = command.kind === 'edit' ? 'editMessage' : 'deleteMessage';
    const own = await ownMessage(ports, action, caller, messageId);
    if (command.kind === 'edit') await editMessage(ports, { ...own, content, isPublishedByStream });
    else await deleteMessage(ports, { ...own, isPublishedByStream });
  });
  return answerOf(outcome);
}

/** Returns the seq to resume from: the last one seen, an earlier one, or undefined for the newest messages. */
export function resumeFrom(
  fixture: Pick<Fixture, 'random'>,
  { client }: Actor,
  roomId: string,
  how: string,
): number | undefined {
  const seen = client.seen(roomId);
  if (how === 'anew' || seen === undefined) return undefined;
  return how === 'seen' ? seen : Math.floor(fixture.random() * (seen + 1));
}

export async function connect(fixture: Fixture, command: Of<'connect'>): Promise<Answer> {
  const actor = fixture.actors[command.who]!;
  const room = command.room === undefined ? undefined : fixture.rooms[command.room]!;
  const device = actor.newDevice(room !== undefined);
  actor.current.clear();
  if (room === undefined) return answerOf(await fixture.chat.connect(actor.caller, device, {}));
  const after = resumeFrom(fixture, actor, room.id, command.resume);
  const isAllowed = !room.isPrivate || room.members.has(actor.caller.userId);
  if (isAllowed) actor.client.expectHistory(room.id, after);
  const opening = { room: room.name, ...(after !== undefined && { after }) };
  const answer = answerOf(await fixture.chat.connect(actor.caller, device, opening));
  if (answer.kind === 'ok') actor.current.add(room.id);
  return answer;
}

export async function join(fixture: Fixture, actor: Actor, room: ExpectedRoom, how: string): Promise<Answer> {
  const { device, client } = actor;
  if (device?.isOpen !== true || !device.isWelcome || device.isSingleRoom) return { kind: 'skipped' };
  if (client.isWaiting(room.id)) return { kind: 'skipped' };
  const after = resumeFrom(fixture, actor, room.id, how);
  const isAllowed = !room.isPrivate || room.members.has(actor.caller.userId);
  if (isAllowed) actor.client.expectHistory(room.id, after);
  const frame = { type: 'join', room: room.name, history: 100, ...(after !== undefined && { after }) };
  const answer = await overSocket(fixture, actor, frame);
  if (answer.kind === 'ok' && device === actor.device) actor.current.add(room.id);
  return answer;
}

export async function changeMembers(
  fixture: Fixture,
  command: Of<'remove' | 'add' | 'leaveRoom'>,
): Promise<Answer> {
  const { chat, actors, rooms, intents } = fixture;
  const index = command.kind === 'leaveRoom' ? command.room : 0;
  const room = rooms[index]!;
  const target = actors[command.kind === 'leaveRoom' ? command.who : command.target]!.caller;
  const creator = actors[0]!.caller;
  if (command.kind === 'add') intents[index]!.added.add(target.userId);
  else intents[index]!.removed.add(target.userId);
  const outcome = await chat.http(lifetimeOf(command), async (ports) => {
    if (command.kind === 'leaveRoom') await leaveRoom(ports, target, room.id);
    else if (command.kind === 'add') await addMember(ports, creator, room.id, target.userId);
    else await removeMember(ports, creator, room.id, target.userId);
  });
  return answerOf(outcome);
}

export async function describeRoom(fixture: Fixture, command: Of<'describe'>): Promise<Answer> {
  fixture.intents[command.room]!.described = true;
  const room = fixture.rooms[command.room]!;
  const outcome = await fixture.chat.http(undefined, async (ports) => {
    const changes = { name: undefined, description: `text ${command.text}` };
    await updateRoom(ports, fixture.actors[0]!.caller, room.id, changes);
  });
  return answerOf(outcome);
}
