/** Plays a story with real code and compares, after each of its scenes, everything that anybody can see with the truth. */
import { seededRandom } from '../../../local/faults/seeded-random.ts';
import { uuid } from '../../shared/fakes/world.ts';
import { createActor, type Actor } from './actors.ts';
import type { Command, Story } from './commands.ts';
import { judgeEnd, judgeScene } from './judge.ts';
import {
  changeMembers,
  connect,
  describeRoom,
  join,
  onMessage,
  overSocket,
  send,
  type Answer,
  type Stage,
} from './perform.ts';
import { predict } from './predict.ts';
import { realChat, type Event } from './real-chat.ts';
import { noIntents, type TrueRoom } from './truth.ts';

const people = 3;

export interface Told {
  /** A sentence for each thing that is not as it ought to be. */
  divergences: string[];
  facts: Record<string, number>;
}

export interface Scene {
  command: Command;
  answer: Answer;
  /** The message it was about. */
  seq?: number | undefined;
}

export interface Play extends Stage {
  /** Read markers as far as they are known: by room and person. */
  markers: Map<string, number>;
  /** Whether a death may have left a public room's member uncounted. */
  mayMiscount: boolean;
  divergences: string[];
}

export async function play({ commands, seed }: Story): Promise<Told> {
  const random = seededRandom(String(seed));
  const stage = await setUp(random);
  const facts: Record<string, number> = {};
  let count = 0;
  for (const scene of scenesOf(commands)) {
    stage.intents = stage.rooms.map(noIntents);
    if (scene.some((command) => 'death' in command && command.death !== undefined)) stage.mayMiscount = true;
    const predicted = scene.length === 1 ? predict(stage, scene[0]!) : undefined;
    const performing = scene.map((command) => perform(stage, command));
    await stage.chat.untilQuiet();
    const answers = await Promise.all(performing);
    for (const { command, answer } of answers) {
      count += 1;
      const name = answer.kind === 'refused' ? `refused ${answer.name}` : answer.kind;
      facts[name] = (facts[name] ?? 0) + 1;
      facts[command.kind] = (facts[command.kind] ?? 0) + 1;
      if (answer.kind === 'ok' && answer.duplicate === true)
        facts['duplicate'] = (facts['duplicate'] ?? 0) + 1;
    }
    if (
      predicted !== undefined &&
      answers[0]!.answer.kind !== 'skipped' &&
      answers[0]!.answer.kind !== 'unknown'
    ) {
      const { answer } = answers[0]!;
      const told = answer.kind === 'refused' ? answer.name : 'ok';
      if (told !== predicted)
        stage.divergences.push(`command ${count} was answered ${told}, not ${predicted}`);
    }
    judgeScene(stage, answers);
    if (stage.divergences.length > 0) break;
  }
  if (stage.divergences.length === 0) await end(stage);
  Object.assign(facts, { commands: count, ...prefixed(stage.chat.reactions) });
  return { divergences: stage.divergences.map((text) => `after ${count} commands: ${text}`), facts };
}

const prefixed = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [`reactions ${name}`, value]));

/** Commands that overlap happen at the same time. */
function scenesOf(commands: Command[]): Command[][] {
  const scenes: Command[][] = [];
  let open: Command[] = [];
  for (const command of commands) {
    open.push(command);
    const mayOverlap = command.overlaps && command.kind !== 'pass' && command.kind !== 'catchUp';
    if (mayOverlap && open.length < 4) continue;
    scenes.push(open);
    open = [];
  }
  return open.length > 0 ? [...scenes, open] : scenes;
}

async function setUp(random: () => number): Promise<Play> {
  const chat = realChat(random, { faultyReactions: true });
  const divergences: string[] = [];
  const rooms = [true, false].map((isPrivate, at): TrueRoom => ({
    id: uuid(100 + at),
    name: isPrivate ? 'den' : 'plaza',
    isPrivate,
    creatorId: uuid(1),
    messages: new Map(),
    keys: new Map(),
    members: new Set(),
    removedAt: new Map(),
    known: new Set(),
  }));
  let texts = 0;
  const heard = (actor: Actor, event: Event): void => {
    const room = rooms.find(({ id }) => id === event['room_id']);
    const seq = event['seq'] as number | undefined;
    if (room?.isPrivate !== true || seq === undefined || event.type === 'ack') return;
    const last = chat.table
      .partition(`LOG#${room.id}`)
      .findLast((entry) => (entry['member'] as { id?: string } | undefined)?.id === actor.caller.userId);
    if (last?.['kind'] === 'member_removed' && seq > (last['seq'] as number))
      divergences.push(`${actor.caller.username} heard ${seq}, removed with ${last['seq'] as number}`);
  };
  const actors = Array.from({ length: people }, (_, number) => createActor(number, { chat, heard }));
  const play: Play = {
    chat,
    actors,
    rooms,
    intents: rooms.map(noIntents),
    random,
    newText: () => `text ${(texts += 1)}`,
    markers: new Map(),
    mayMiscount: false,
    divergences,
  };
  const creator = actors[0]!.caller;
  void chat.http(undefined, async (ports) => {
    for (const { caller } of actors) {
      const { userId, username } = caller;
      await ports.users.register(
        { userId, username, firstName: '', lastName: '', profilePicture: null, createdAt: chat.now() },
        { userId, email: '' },
        { userId, username, passwordHash: '', tokenVersion: 0 },
      );
    }
    for (const room of rooms) {
      const members = room.isPrivate ? actors : [actors[0]!];
      await ports.rooms.create(
        {
          roomId: room.id,
          name: room.name,
          description: '',
          createdAt: chat.now(),
          creatorId: creator.userId,
          creatorUsername: creator.username,
          isPrivate: room.isPrivate,
          isDirect: false,
          memberCount: members.length,
        },
        members.map(({ caller: { userId, username } }) => ({
          roomId: room.id,
          userId,
          username,
          role: userId === creator.userId ? 'creator' : 'member',
          joinedAt: chat.now(),
        })),
        [],
      );
      if (room.isPrivate) room.members = new Set(members.map(({ caller }) => caller.userId));
    }
  });
  await chat.untilQuiet();
  const entering = actors.map((actor) => catchUp(play, actor));
  await chat.untilQuiet();
  await Promise.all(entering);
  return play;
}

async function perform(stage: Play, command: Command): Promise<Scene> {
  const { chat, actors, rooms } = stage;
  switch (command.kind) {
    case 'send':
      return { command, answer: await send(stage, command) };
    case 'edit':
    case 'delete':
    case 'read': {
      const seqs = [...rooms[command.room]!.messages.keys()];
      const seq = seqs[command.pick % Math.max(1, seqs.length)];
      if (seq === undefined) return { command, answer: { kind: 'skipped' } };
      return { command, seq, answer: await onMessage(stage, command, seq) };
    }
    case 'connect':
      return { command, answer: await connect(stage, command) };
    case 'join':
      return {
        command,
        answer: await join(stage, actors[command.who]!, rooms[command.room]!, command.resume),
      };
    case 'leave': {
      const actor = actors[command.who]!;
      if (actor.client.isWaiting(rooms[command.room]!.id)) return { command, answer: { kind: 'skipped' } };
      actor.current.delete(rooms[command.room]!.id);
      return {
        command,
        answer: await overSocket(stage, actor, { type: 'leave', room_id: rooms[command.room]!.id }),
      };
    }
    case 'drop': {
      const { device } = actors[command.who]!;
      actors[command.who]!.current.clear();
      if (device?.isOpen !== true || !device.isWelcome) return { command, answer: { kind: 'skipped' } };
      device.isOpen = false;
      if (command.announced) await chat.disconnect(device.connectionId);
      return { command, answer: { kind: 'ok' } };
    }
    case 'failPosts': {
      const actor = actors[command.who]!;
      if (actor.device?.isOpen !== true || !actor.device.isWelcome)
        return { command, answer: { kind: 'skipped' } };
      actor.device.failsNext = command.count;
      actor.current.clear();
      return { command, answer: { kind: 'ok' } };
    }
    case 'catchUp':
      await catchUp(stage, actors[command.who]!);
      return { command, answer: { kind: 'ok' } };
    case 'leaveRoom':
    case 'remove':
    case 'add':
      return { command, answer: await changeMembers(stage, command) };
    case 'describe':
      return { command, answer: await describeRoom(stage, command) };
    case 'pass':
      chat.pass(command.seconds * 1_000);
      return { command, answer: { kind: 'ok' } };
  }
}

/** As a client does at a heartbeat, or when it comes back: open what it may, ask what it missed. */
async function catchUp(stage: Play, actor: Actor): Promise<void> {
  const { client } = actor;
  client.giveUpWaiting();
  if (actor.device) actor.device.failsNext = 0;
  if (actor.device?.isOpen !== true || !actor.device.isWelcome || actor.device.isSingleRoom) {
    const device = actor.newDevice(false);
    await stage.chat.connect(actor.caller, device, {});
    await until(stage, () => device.isWelcome);
  }
  for (const room of stage.rooms) {
    if (room.isPrivate && !room.members.has(actor.caller.userId)) continue;
    await join(stage, actor, room, 'seen');
    await until(stage, () => !client.isWaiting(room.id));
  }
  await overSocket(stage, actor, { type: 'ping' });
  await until(stage, () => stage.rooms.every(({ id }) => !client.isWaiting(id)));
  for (const room of stage.rooms)
    if (!room.isPrivate || room.members.has(actor.caller.userId)) actor.current.add(room.id);
}

/** Waits, in turns, as long as somebody takes some. */
async function until(stage: Play, isSo: () => boolean): Promise<void> {
  for (let patience = 0; !isSo() && patience < 1_000; patience += 1) await stage.chat.aTurn();
}

/** Late enough for every hole to be filled by whoever reads, everybody comes back; then all must be the same. */
async function end(stage: Play): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    stage.chat.pass(20_000);
    const returning = stage.actors.map((actor) => catchUp(stage, actor));
    await stage.chat.untilQuiet();
    await Promise.all(returning);
  }
  stage.intents = stage.rooms.map(noIntents);
  judgeScene(stage, []);
  const judging = judgeEnd(stage);
  await stage.chat.untilQuiet();
  await judging;
}
