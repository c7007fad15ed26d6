/** Sets a scenario up: rooms, users and their open sockets, and how these catch up with the log. */
import { uuid } from '../../kit/memory-chat/system.ts';
import { createActor, type Actor } from './actors.ts';
import { join, overSocket, type Fixture } from './execute.ts';
import { realChat, type Event } from './real-chat.ts';
import { noIntents, type ExpectedRoom } from './expected-room.ts';

const people = 3;

export interface ScenarioRun extends Fixture {
  /** The known read markers, by room and user. */
  markers: Map<string, number>;
  /** Whether a kill may have left a member of a public room uncounted. */
  mayMiscount: boolean;
  divergences: string[];
}

export async function setUp(random: () => number): Promise<ScenarioRun> {
  const chat = realChat(random, { faultyStream: true });
  const divergences: string[] = [];
  const rooms = [true, false].map((isPrivate, index): ExpectedRoom => ({
    id: uuid(100 + index),
    name: isPrivate ? 'den' : 'plaza',
    isPrivate,
    creatorId: uuid(1),
    messages: new Map(),
    keys: new Map(),
    members: new Set(),
    removalSeqs: new Map(),
    known: new Set(),
  }));
  let texts = 0;
  const onEvent = (actor: Actor, event: Event): void => {
    const room = rooms.find(({ id }) => id === event['room_id']);
    const seq = event['seq'] as number | undefined;
    if (room?.isPrivate !== true || seq === undefined || event.type === 'ack') return;
    const last = chat.table
      .partition(`LOG#${room.id}`)
      .findLast(
        (entry) => (entry['member'] as { user_id?: string } | undefined)?.user_id === actor.caller.userId,
      );
    if (last?.['kind'] === 'member_removed' && seq > (last['seq'] as number))
      divergences.push(
        `${actor.caller.username} received ${seq} after being removed with ${last['seq'] as number}`,
      );
  };
  const actors = Array.from({ length: people }, (_, number) => createActor(number, { chat, onEvent }));
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
        { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: chat.now() },
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
          createdAtMs: chat.now(),
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
          joinedAtMs: chat.now(),
        })),
        [],
      );
      if (room.isPrivate) room.members = new Set(members.map(({ caller }) => caller.userId));
    }
  });
  await chat.untilQuiet();
  const opening = actors.map((actor) => catchUp(runScenario, actor));
  await chat.untilQuiet();
  await Promise.all(opening);
  return runScenario;
}

/** Opens every room that the user may open and requests what is missing, as a client does after reconnecting. */
export async function catchUp(fixture: ScenarioRun, actor: Actor): Promise<void> {
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

/** Waits for a condition, at most 1,000 turns. */
async function until(fixture: ScenarioRun, condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition() && turn < 1_000; turn += 1) await fixture.chat.aTurn();
}
