/** Plays a scenario with real code and compares, after each of its steps, everything that anybody can see with the truth. */
import { seededRandom } from '../../../local/faults/seeded-random.ts';
import { uuid } from '../../shared/fakes/system.ts';
import { createActor, type Actor } from './actors.ts';
import type { Command, ModelScenario } from './commands.ts';
import { judgeEnd, judgeStep } from './judge.ts';
import {
  changeMembers,
  connect,
  describeRoom,
  join,
  onMessage,
  overSocket,
  send,
  type Answer,
  type Fixture,
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

export interface Step {
  command: Command;
  answer: Answer;
  /** The message it was about. */
  seq?: number | undefined;
}

export interface ScenarioRun extends Fixture {
  /** Read markers as far as they are known: by room and person. */
  markers: Map<string, number>;
  /** Whether a death may have left a public room's member uncounted. */
  mayMiscount: boolean;
  divergences: string[];
}

export async function runScenario({ commands, seed }: ModelScenario): Promise<Told> {
  const random = seededRandom(String(seed));
  const fixture = await setUp(random);
  const facts: Record<string, number> = {};
  let count = 0;
  for (const step of scenesOf(commands)) {
    fixture.intents = fixture.rooms.map(noIntents);
    if (step.some((command) => 'death' in command && command.death !== undefined)) fixture.mayMiscount = true;
    const predicted = step.length === 1 ? predict(fixture, step[0]!) : undefined;
    const performing = step.map((command) => perform(fixture, command));
    await fixture.chat.untilQuiet();
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
        fixture.divergences.push(`command ${count} was answered ${told}, not ${predicted}`);
    }
    judgeStep(fixture, answers);
    if (fixture.divergences.length > 0) break;
  }
  if (fixture.divergences.length === 0) await end(fixture);
  Object.assign(facts, { commands: count, ...prefixed(fixture.chat.reactions) });
  return { divergences: fixture.divergences.map((text) => `after ${count} commands: ${text}`), facts };
}

const prefixed = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [`reactions ${name}`, value]));

/** Commands that overlap happen at the same time. */
function scenesOf(commands: Command[]): Command[][] {
  const steps: Command[][] = [];
  let open: Command[] = [];
  for (const command of commands) {
    open.push(command);
    const mayOverlap = command.overlaps && command.kind !== 'pass' && command.kind !== 'catchUp';
    if (mayOverlap && open.length < 4) continue;
    steps.push(open);
    open = [];
  }
  return open.length > 0 ? [...steps, open] : steps;
}

async function setUp(random: () => number): Promise<ScenarioRun> {
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
      .findLast(
        (entry) => (entry['member'] as { user_id?: string } | undefined)?.user_id === actor.caller.userId,
      );
    if (last?.['kind'] === 'member_removed' && seq > (last['seq'] as number))
      divergences.push(`${actor.caller.username} heard ${seq}, removed with ${last['seq'] as number}`);
  };
  const actors = Array.from({ length: people }, (_, number) => createActor(number, { chat, heard }));
  const runScenario: ScenarioRun = {
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
          role: userId === creator.userId ? 'owner' : 'member',
          joinedAt: chat.now(),
        })),
        [],
      );
      if (room.isPrivate) room.members = new Set(members.map(({ caller }) => caller.userId));
    }
  });
  await chat.untilQuiet();
  const entering = actors.map((actor) => catchUp(runScenario, actor));
  await chat.untilQuiet();
  await Promise.all(entering);
  return runScenario;
}

async function perform(fixture: ScenarioRun, command: Command): Promise<Step> {
  const { chat, actors, rooms } = fixture;
  switch (command.kind) {
    case 'send':
      return { command, answer: await send(fixture, command) };
    case 'edit':
    case 'delete':
    case 'read': {
      const seqs = [...rooms[command.room]!.messages.keys()];
      const seq = seqs[command.pick % Math.max(1, seqs.length)];
      if (seq === undefined) return { command, answer: { kind: 'skipped' } };
      return { command, seq, answer: await onMessage(fixture, command, seq) };
    }
    case 'connect':
      return { command, answer: await connect(fixture, command) };
    case 'join':
      return {
        command,
        answer: await join(fixture, actors[command.who]!, rooms[command.room]!, command.resume),
      };
    case 'leave': {
      const actor = actors[command.who]!;
      if (actor.client.isWaiting(rooms[command.room]!.id)) return { command, answer: { kind: 'skipped' } };
      actor.current.delete(rooms[command.room]!.id);
      return {
        command,
        answer: await overSocket(fixture, actor, { type: 'leave', room_id: rooms[command.room]!.id }),
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
      await catchUp(fixture, actors[command.who]!);
      return { command, answer: { kind: 'ok' } };
    case 'leaveRoom':
    case 'remove':
    case 'add':
      return { command, answer: await changeMembers(fixture, command) };
    case 'describe':
      return { command, answer: await describeRoom(fixture, command) };
    case 'pass':
      chat.pass(command.seconds * 1_000);
      return { command, answer: { kind: 'ok' } };
  }
}

/** As a client does at a heartbeat, or when it comes back: open what it may, ask what it missed. */
async function catchUp(fixture: ScenarioRun, actor: Actor): Promise<void> {
  const { client } = actor;
  client.giveUpWaiting();
  if (actor.device) actor.device.failsNext = 0;
  if (actor.device?.isOpen !== true || !actor.device.isWelcome || actor.device.isSingleRoom) {
    const device = actor.newDevice(false);
    await fixture.chat.connect(actor.caller, device, {});
    await until(fixture, () => device.isWelcome);
  }
  for (const room of fixture.rooms) {
    if (room.isPrivate && !room.members.has(actor.caller.userId)) continue;
    await join(fixture, actor, room, 'seen');
    await until(fixture, () => !client.isWaiting(room.id));
  }
  await overSocket(fixture, actor, { type: 'ping' });
  await until(fixture, () => fixture.rooms.every(({ id }) => !client.isWaiting(id)));
  for (const room of fixture.rooms)
    if (!room.isPrivate || room.members.has(actor.caller.userId)) actor.current.add(room.id);
}

/** Waits, in turns, as long as somebody takes some. */
async function until(fixture: ScenarioRun, isSo: () => boolean): Promise<void> {
  for (let patience = 0; !isSo() && patience < 1_000; patience += 1) await fixture.chat.aTurn();
}

/** Late enough for every hole to be filled by whoever reads, everybody comes back; then all must be the same. */
async function end(fixture: ScenarioRun): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    fixture.chat.pass(20_000);
    const returning = fixture.actors.map((actor) => catchUp(fixture, actor));
    await fixture.chat.untilQuiet();
    await Promise.all(returning);
  }
  fixture.intents = fixture.rooms.map(noIntents);
  judgeStep(fixture, []);
  const judging = judgeEnd(fixture);
  await fixture.chat.untilQuiet();
  await judging;
}
