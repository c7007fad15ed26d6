/**
 * Runs every cell of one user in one kind of room. Forbidden actions run first, concurrently, and must change nothing;
 * then the allowed ones, with the changes one after another.
 */
import { like, type ChatSocket } from '../../kit/chat-socket.ts';
import { cells, type Cell, type TableName } from './expectations.ts';
import { appearance, outcomeOf, request, requests, type HttpAction } from './requests.ts';
import {
  appearanceOfError,
  complaint,
  heardByOthers,
  insideFrames,
  open,
  outcomeOfError,
  outsideFrames,
  type HandshakeAction,
  type InsideAction,
  type OutsideAction,
} from './sockets.ts';
import { secretMarker, type Fixture } from './fixture.ts';
import { type Witness, isThere, lookAt, openWitness, traceOf } from './witness.ts';

export interface Result {
  outcome: string;
  /** The refusal as the actor received it. */
  seen?: object;
  /** A description of what leaked or changed and must not have. */
  fault?: string;
}

export type Results = Map<Cell, Result>;

export async function run(fixture: Fixture): Promise<Results> {
  const results: Results = new Map();
  const ours = (table: TableName, isAllowed: boolean): Cell[] =>
    cells.filter(
      (cell) =>
        cell.kind === fixture.kind &&
        cell.who === fixture.who &&
        cell.table === table &&
        (cell.expected === '+') === isAllowed,
    );
  const witness = await openWitness(fixture);
  const mayConnect = ours('handshake', true).length > 0;
  const roomless = mayConnect ? (await open('open a socket without a room', fixture)).socket : undefined;

  const before = witness && (await lookAt(witness.user, fixture));
  const forbidden = [...ours('http', false), ...ours('handshake', false), ...ours('outside', false)];
  await Promise.all(
    forbidden.map(async (cell) => void results.set(cell, await told(() => refuse(cell, fixture, roomless)))),
  );
  const trace = witness && (await traceOf(witness, fixture, before));
  if (trace !== undefined) for (const cell of forbidden) results.get(cell)!.fault ??= trace;

  await runReads(fixture, ours('http', true), results);
  await runOpenings(fixture, ours('handshake', true), results);
  if (witness !== undefined)
    await runInside(fixture, witness, [...ours('inside', true), ...ours('inside', false)], results);
  await runJoins(fixture, ours('outside', true), results);
  await runChanges(fixture, ours('http', true), results);

  const leak = roomless && (await leakTo(roomless, fixture));
  if (leak !== undefined) for (const cell of forbidden) results.get(cell)!.fault ??= leak;
  witness?.socket.socket.terminate();
  roomless?.socket.terminate();
  return results;
}

/** Records the error of one cell, so that it does not hide the others. */
async function told(cell: () => Promise<Result>): Promise<Result> {
  try {
    return await cell();
  } catch (error) {
    return { outcome: `failed: ${(error as Error).message}` };
  }
}

async function refuse(
  { table, action, expected }: Cell,
  fixture: Fixture,
  roomless: ChatSocket | undefined,
): Promise<Result> {
  if (table === 'handshake') {
    const { outcome, socket, seen } = await open(action as HandshakeAction, fixture);
    socket?.socket.terminate();
    return { outcome, ...(seen && { seen, ...toldIn(seen, fixture) }) };
  }
  if (table === 'outside') {
    const error = await complaint(roomless!, outsideFrames[action as OutsideAction](fixture));
    const seen = appearanceOfError(error);
    return { outcome: outcomeOfError(error), seen, ...toldIn(seen, fixture) };
  }
  const answer = await request(action as HttpAction, fixture);
  const outcome = outcomeOf(action as HttpAction, fixture, answer);
  // A list without the room is not a refusal, because it contains the caller's own data.
  if (requests[action as HttpAction].finds !== undefined && expected === '0') return { outcome };
  return { outcome, seen: appearance(answer), ...toldIn(answer.body, fixture) };
}

/** Returns a fault when a refusal reveals something about the room. */
function toldIn(refusal: unknown, { room }: Fixture): { fault?: string } {
  const text = JSON.stringify(refusal);
  const leaked = [secretMarker, room.room_name, room.room_id].find((secret) => text.includes(secret));
  return leaked === undefined ? {} : { fault: `leaked ${leaked}: ${text}` };
}

async function runReads(fixture: Fixture, allowed: Cell[], results: Results): Promise<void> {
  const reads = allowed.filter(({ action }) => requests[action as HttpAction].changes === undefined);
  await Promise.all(reads.map((cell) => runRequest(cell, fixture, results)));
}

async function runChanges(fixture: Fixture, allowed: Cell[], results: Results): Promise<void> {
  for (const action of Object.keys(requests) as HttpAction[]) {
    const cell = allowed.find((one) => one.action === action);
    if (cell !== undefined && requests[action].changes === true) await runRequest(cell, fixture, results);
  }
}

async function runRequest(cell: Cell, fixture: Fixture, results: Results): Promise<void> {
  const action = cell.action as HttpAction;
  const result = async (): Promise<Result> => ({
    outcome: outcomeOf(action, fixture, await request(action, fixture)),
  });
  results.set(cell, await told(result));
}

async function runOpenings(fixture: Fixture, allowed: Cell[], results: Results): Promise<void> {
  for (const cell of allowed) {
    const opening = async (): Promise<Result> => {
      const { outcome, socket } = await open(cell.action as HandshakeAction, fixture);
      await socket?.close();
      return { outcome };
    };
    results.set(cell, await told(opening));
  }
}

/** Each command has a socket of its own, because two commands on one socket may be processed in any order. */
async function runJoins(fixture: Fixture, allowed: Cell[], results: Results): Promise<void> {
  for (const cell of allowed) {
    const joining = async (): Promise<Result> => {
      const { socket } = await open('open a socket without a room', fixture);
      socket!.send(outsideFrames[cell.action as OutsideAction](fixture));
      await socket!.next('history_end');
      await socket!.close();
      return { outcome: '+' };
    };
    results.set(cell, await told(joining));
  }
}

/** The sender receives an `ack`, a `history_end` or nothing; the witness receives the published event. */
async function runInside(
  fixture: Fixture,
  witness: Witness,
  inside: Cell[],
  results: Results,
): Promise<void> {
  if (inside.length === 0) return;
  const { socket } = await open('open a socket by the room’s id', fixture);
  let said = '';
  for (const action of Object.keys(insideFrames) as InsideAction[]) {
    const cell = inside.find((one) => one.action === action);
    if (cell === undefined) continue;
    const command = async (): Promise<Result> => {
      const frame = insideFrames[action](fixture, said);
      if (cell.expected !== '+') return { outcome: outcomeOfError(await complaint(socket!, frame)) };
      socket!.send(frame);
      if (action.startsWith('send ')) said = (await socket!.next('ack'))['message_id'];
      if (action === 'ask for the history inside') await socket!.next('history_end');
      const event = heardByOthers[action];
      if (event !== undefined) await witness.socket.next(aboutActor(event, fixture, said));
      return { outcome: '+' };
    };
    results.set(cell, await told(command));
  }
  await socket!.close();
}

function aboutActor(type: string, { actor }: Fixture, said: string) {
  const about: Record<string, Record<string, unknown>> = {
    typing_indicator: { user_id: actor!.id },
    message_read: { user_id: actor!.id, message_id: said },
  };
  return like(type, about[type] ?? { message_id: said });
}

/** Returns what an actor outside the room received about it. */
async function leakTo(roomless: ChatSocket, { kind, who, room }: Fixture): Promise<string | undefined> {
  const isOutsider = kind !== 'public' && who !== 'creator' && who !== 'member';
  if (!isOutsider || !isThere(kind)) return undefined;
  roomless.send({ type: 'ping' });
  await roomless.next('pong');
  const heard = roomless.events
    .map((event) => JSON.stringify(event))
    .find((event) => event.includes(room.room_id) || event.includes(secretMarker));
  return heard && `heard ${heard}`;
}
