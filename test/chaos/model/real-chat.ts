/**
 * Runs the real domain, storage and realtime code in one process over an in-memory table. Each invocation takes turns
 * with the others and may be killed at any turn.
 */
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { isAlive } from '../../../shared/domain/connections/subscribers.ts';
import { openConnection } from '../../../shared/domain/connections/open-connection.ts';
import { endSocket } from '../../../shared/realtime/end-socket.ts';
import { errorFrame } from '../../../shared/realtime/frames.ts';
import { toFrame } from '../../../shared/realtime/send-events.ts';
import type { PostOutcome, ConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';
import { handleBatch } from '../../../functions/table-stream/handle-batch.ts';
import { readCommand, refOf, runCommand } from '../../../functions/message/run-command.ts';
import { memoryTable, type MemoryTable, type Take } from '../../kit/memory-table/memory-table.ts';
import { turns, type Lifetime } from './turns.ts';
import { type Ports, portsOver } from './real-ports.ts';

export type Event = Record<string, any> & { type: string };

/** A socket as the gateway knows it. */
export interface Socket {
  connectionId: string;
  isOpen: boolean;
  /** How many of the next posts fail. */
  failsNext: number;
  /** How many posts have failed. */
  failed: number;
  receive(event: Event): void;
  /** Called when the server closes the socket. */
  end(): void;
}

export interface RealChat {
  table: MemoryTable;
  now(): number;
  pass(milliseconds: number): void;
  /** Runs an operation as an HTTP function does, and returns its outcome. */
  http<T>(lifetime: Lifetime | undefined, operation: (ports: Ports) => Promise<T>): Promise<Outcome<T>>;
  frame(connectionId: string, frame: Event, lifetime?: Lifetime): Promise<'done' | 'killed'>;
  connect(caller: Caller, socket: Socket, opening: { room?: string; after?: number }): Promise<Outcome<void>>;
  disconnect(connectionId: string): Promise<'done' | 'killed'>;
  /** Waits for one turn. */
  aTurn(): Promise<unknown>;
  /** Waits until everything that has begun is done, with everything that follows from it. */
  untilQuiet(): Promise<void>;
  /** Counts the batches of the table stream, and those that were killed or delivered twice. */
  batches: { handled: number; killed: number; repeated: number; failed: number };
}

export type Outcome<T> = { kind: 'ok'; value: T } | { kind: 'refused'; code: string } | { kind: 'killed' };

const start = Date.parse('2026-11-22T12:00:00.000Z');

export function realChat(random: () => number, { faultyStream }: { faultyStream: boolean }): RealChat {
  let now = start;
  const table = memoryTable();
  const sockets = new Map<string, Socket>();
  const clock = { now: () => now };
  const schedule = turns(random, () => void (now += 1));
  const batches = { handled: 0, killed: 0, repeated: 0, failed: 0 };
  let isHandling = false;
  setTimers((resume, milliseconds) => {
    void schedule.begin((take) =>
      take(() => {
        now += milliseconds;
        resume();
      }),
    );
  });

  function post(connectionId: string, frame: string): PostOutcome {
    const socket = sockets.get(connectionId);
    if (socket?.isOpen !== true) return 'gone';
    if (socket.failsNext > 0) {
      socket.failsNext -= 1;
      socket.failed += 1;
      return 'failed';
    }
    socket.receive(JSON.parse(frame) as Event);
    return 'sent';
  }

  function portsFor(take: Take) {
    const connectionGateway: ConnectionGateway = {
      post: (connectionId, frame) => take(() => post(connectionId, frame)),
      close: (connectionId) =>
        take(() => {
          const socket = sockets.get(connectionId);
          if (socket?.isOpen === true) socket.end();
        }),
    };
    return portsOver(table, take, { clock, connectionGateway, random });
  }

  async function runWithOutcome<T>(
    lifetime: Lifetime | undefined,
    operation: (ports: Ports) => Promise<T>,
  ): Promise<Outcome<T>> {
    let outcome: Outcome<T> = { kind: 'killed' };
    await schedule.begin(async (take) => {
      try {
        outcome = { kind: 'ok', value: await operation(portsFor(take)) };
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        outcome = { kind: 'refused', code: error.code };
      }
    }, lifetime);
    return outcome;
  }

  function frame(connectionId: string, body: Event, lifetime?: Lifetime): Promise<'done' | 'killed'> {
    return schedule.begin(async (take) => {
      const ports = portsFor(take);
      const connection = await ports.connections.get(connectionId);
      if (connection === undefined || connection.ended !== undefined || !isAlive(connection, now)) {
        await endSocket(ports, connectionId, 'reconnect', 'The server no longer knows this connection');
        return;
      }
      try {
        await runCommand(ports, connection, readCommand(body));
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        await ports.connectionGateway.post(connectionId, toFrame(errorFrame(error, refOf(body))));
      }
    }, lifetime);
  }

  /**
   * Handles one batch after the other, as a stream with one shard does. A failed or killed batch is delivered again.
   */
  function handleNextBatch(): boolean {
    if (isHandling) return false;
    const records = table.nextRecords(1 + Math.floor(random() * 10));
    if (records.length === 0) return false;
    isHandling = true;
    void deliver(records).finally(() => (isHandling = false));
    return true;
  }

  async function deliver(records: ReturnType<MemoryTable['nextRecords']>): Promise<void> {
    batches.handled += 1;
    let left = records;
    const once = (lifetime?: Lifetime): Promise<'done' | 'killed'> =>
      schedule.begin(async (take) => {
        const delivered = left;
        const failed = await handleBatch(portsFor(take), delivered, () => void (batches.failed += 1));
        const first = delivered.findIndex((record) => failed.includes(record.dynamodb!.SequenceNumber!));
        left = first === -1 ? [] : delivered.slice(first);
      }, lifetime);
    if (faultyStream && random() < 0.1) {
      await once({ killAtTurn: 1 + Math.floor(random() * 12), killAfterStep: random() < 0.5 });
      batches.killed += 1;
      left = records;
    }
    for (let attempt = 0; left.length > 0 && attempt < 6; attempt += 1) await once();
    if (faultyStream && random() < 0.1) {
      batches.repeated += 1;
      left = records;
      await once();
    }
  }

  return {
    table,
    batches,
    now: clock.now,
    pass: (milliseconds) => void (now += milliseconds),
    http: runWithOutcome,
    frame,
    async connect(caller, socket, { room, after }) {
      const { connectionId } = socket;
      const outcome = await runWithOutcome(undefined, async (ports) => {
        const opening = { connectionId, room, after, history: 100, batch: false };
        await openConnection(ports, caller, opening, { mayCreateRooms: false, connectionsPerUser: 0 });
        // The gateway answers the handshake now. The table stream may have looked for the socket earlier.
        sockets.set(connectionId, socket);
        socket.isOpen = true;
      });
      return outcome;
    },
    disconnect: (connectionId) =>
      schedule.begin(async (take) => {
        await portsFor(take).connections.remove(connectionId);
      }),
    aTurn: () => schedule.begin((take) => take(() => undefined)),
    untilQuiet: () => schedule.untilQuiet(handleNextBatch),
  };
}

/** Replaces the bundle's timers (see `load-scenario.ts`): a pause waits for a turn, and then the time has passed. */
function setTimers(timeout: (resume: () => void, milliseconds: number) => void): void {
  Object.assign(globalThis, { modelTimeout: timeout });
}
