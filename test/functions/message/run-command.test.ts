import { describe, expect, it, vi } from 'vitest';
import { roomOf } from '../../../functions/message/command.ts';
import { runCommand } from '../../../functions/message/run-command.ts';
import type { Command } from '../../../shared/contract/websocket/commands.ts';
import { endSessions } from '../../../shared/domain/accounts/end-sessions.ts';
import { floodGuard } from '../../../shared/domain/rate-limits/flood-guard.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import type { Connection } from '../../../shared/domain/model.ts';
import {
  commandCharges,
  entryCharge,
  fanOutSurcharge,
  smallRoomFanOutMicroDollars,
} from '../../../shared/domain/rate-limits/charges.ts';
import {
  userBudget,
  type BudgetSettings,
  type Charge,
} from '../../../shared/domain/rate-limits/user-budget.ts';
import { noBudgetLimits, openChat, roomId } from '../../shared/fakes/chat.ts';
import { fakeConnectionGateway } from '../../shared/fakes/sockets.ts';
import { ann, bob, connectionOf, subscriberFor, start, uuid } from '../../shared/fakes/system.ts';
import { outline, send } from '../../shared/domain/log-steps.ts';

const place = { name: 'general', shard: 0 };
const inRoom = { rooms: { [roomId]: place } };

async function openSockets(budget: Partial<BudgetSettings> = {}) {
  const chat = await openChat({ isPrivate: true }, bob);
  const settings = { ...noBudgetLimits, ...budget };
  const ports = {
    ...chat,
    budget: userBudget(chat, settings),
    connectionGateway: fakeConnectionGateway(),
    floods: floodGuard(20),
    tokens: async () => ({
      verifyAccess: async (token: string) => ({
        ...(token === 'bob' ? bob : ann),
        ...(token === 'second session' ? { sessionId: uuid(9) } : {}),
        tokenEndsAt: start + 900_000,
      }),
    }),
    settings: {
      mayCreateRooms: true,
      heartbeatSeconds: 20,
      arrivalsPerWindow: 5,
      reconnectAfterMs: 6_000_000,
    },
  };
  for (const [caller, id] of [
    [ann, 'a'],
    [bob, 'b'],
  ] as const) {
    await ports.connections.open(connectionOf(caller, id, inRoom));
    await ports.subscriptions.add(roomId, subscriberFor(caller, id));
  }
  /** Runs a command on the stored connection `a`, or on another one. */
  const run = async (command: Command, connection: Connection = ports.connections.all.get('a')!) =>
    runCommand(ports, structuredClone(connection), command);
  return { ports, run };
}

const notFound = { code: 'not_found' };
const hi: Command = { type: 'message', content: 'hi', client_id: 'c-1' };

describe('the room of a command', () => {
  const two = connectionOf(ann, 'a', { rooms: { [roomId]: place, [uuid(2)]: place } });

  it('is the only room of the socket, or the room that the command names', () => {
    expect(roomOf(connectionOf(ann, 'a', inRoom), {}).roomId).toBe(roomId);
    expect(roomOf(two, { room_id: roomId.toUpperCase() }).roomId).toBe(roomId);
  });

  it('must be named on a socket with several rooms, and must be open there', () => {
    expect(() => roomOf(two, {})).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => roomOf(connectionOf(ann, 'a'), {})).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
    for (const room_id of [uuid(9), 'constructor', '__proto__'])
      expect(() => roomOf(two, { room_id })).toThrow(expect.objectContaining(notFound));
  });

  it('is closed to a user who was removed, before the socket is evicted', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports)).seq);
    await ports.connections.markRemoved('a', roomId);
    const commands: Command[] = [
      hi,
      { type: 'typing', is_typing: true },
      { type: 'read', message_id },
      { type: 'edit', message_id, content: 'x' },
      { type: 'delete', message_id },
      { type: 'history', after: 0 },
    ];
    for (const command of commands) await expect(run(command)).rejects.toMatchObject(notFound);
    expect(ports.connectionGateway.done).toEqual([]);
  });
});

describe('the message command', () => {
  it('acknowledges the message to its sender, and publishes it to all, including the sender', async () => {
    const { ports, run } = await openSockets();
    await run(hi);
    expect(new Set(ports.connectionGateway.framesTo('a').map(({ type }) => type))).toEqual(
      new Set(['ack', 'chat_message']),
    );
    expect(ports.connectionGateway.framesTo('a')).toHaveLength(2);
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'chat_message', message: 'hi', client_id: 'c-1' },
    ]);
  });

  it('acknowledges a repeated send with the original, and publishes nothing', async () => {
    const { ports, run } = await openSockets();
    await run(hi);
    await run(hi);
    const [first, second] = ports.connectionGateway.framesTo('a').filter(({ type }) => type === 'ack');
    expect(second).toEqual({ ...first, duplicate: true });
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(1);
  });

  it('leaves publishing to the table stream in a large room', async () => {
    const { ports, run } = await openSockets();
    await ports.rooms.addShards(roomId, 1, 4);
    await run(hi);
    expect(ports.connectionGateway.done).toEqual(['post a ack']);
    expect(await ports.log.get(roomId, 1)).toMatchObject({ outbox: true });
  });

  it('is refused on every socket of a user beyond their rate, until the window has ended', async () => {
    const { ports, run } = await openSockets({ writesPer10Seconds: 10 });
    await ports.connections.open(connectionOf(ann, 'a2', inRoom));
    // Spent by another instance, such as one of the HTTP function.
    await userBudget(ports, noBudgetLimits).spend(ann.userId, { costMicroDollars: 1, isWrite: true });
    const overSecond = (content: string) =>
      run({ type: 'message', content }, ports.connections.all.get('a2'));
    for (let count = 0; count < 5; count += 1) await run({ type: 'message', content: 'hi' });
    for (let count = 0; count < 4; count += 1) await overSecond('hi');
    const limited = { code: 'rate_limited', retryAfterMs: 10_000 };
    await expect(run({ type: 'message', content: 'hi' })).rejects.toMatchObject(limited);
    await expect(overSecond('hi')).rejects.toMatchObject(limited);
    expect((await ports.rooms.head(roomId))?.seq).toBe(9);
    await run({ type: 'message', content: 'hi' }, ports.connections.all.get('b'));
    ports.clock.pass(10_000);
    await expect(overSecond('hi')).resolves.toBeUndefined();
  });

  it('charges the fan-out of a large room, and acknowledges the message when that cannot be charged', async () => {
    const { ports, run } = await openSockets();
    await ports.rooms.addShards(roomId, 1, 4);
    await run(hi);
    expect(ports.budgets.spent.map(({ costMicroDollars }) => costMicroDollars)).toEqual([
      entryCharge(2).costMicroDollars,
      fanOutSurcharge({ shards: 4 }, 2),
    ]);
    ports.budget.charge = () => Promise.reject(new Error('throttled'));
    await expect(run({ type: 'message', content: 'ho' })).resolves.toBeUndefined();
    expect(ports.connectionGateway.done).toEqual(['post a ack', 'post a ack']);
  });
});

describe('a stored message', () => {
  it('is acknowledged without an error when it cannot be published, and the failure is logged', async () => {
    const { ports, run } = await openSockets();
    ports.subscriptions.shard = () => Promise.reject(new Error('throttled'));
    const log = vi.spyOn(ports.logger, 'error');
    await expect(run(hi)).resolves.toBeUndefined();
    expect(log).toHaveBeenCalledOnce();
    expect(ports.connectionGateway.done).toEqual(['post a ack']);
  });
});

const others: Record<string, Command> = {
  edit: { type: 'edit', message_id: 'x', content: 'x' },
  delete: { type: 'delete', message_id: 'x' },
  history: { type: 'history' },
  join: { type: 'join', room: 'none' },
  leave: { type: 'leave' },
  auth: { type: 'auth', token: 'x' },
  typing: { type: 'typing', is_typing: true },
  read: { type: 'read', message_id: 'x' },
  ping: { type: 'ping' },
};

const costOf = (command: Command): number | undefined =>
  (commandCharges[command.type] as ((command: Command) => Charge) | undefined)?.(command).costMicroDollars;

const charged = Object.entries(others).filter(([, command]) => costOf(command) !== undefined);
const light = Object.entries(others).filter(([, command]) => costOf(command) === undefined);

describe('a command other than a message', () => {
  /** Returns how many of 30 commands are not refused as rate_limited, whatever else comes of them. */
  async function passing(run: (command: Command) => Promise<void>, command: Command): Promise<number> {
    const codes: unknown[] = [];
    for (let count = 0; count < 30; count += 1)
      codes.push(await run(command).catch((error: unknown) => (error as { code: string }).code));
    return codes.filter((code) => code !== 'rate_limited').length;
  }

  it.each(charged)(
    '%s is refused beyond the budget of its user, until the next minute',
    async (_, command) => {
      const { run, ports } = await openSockets({ microDollarsPerMinute: 5 * costOf(command)! });
      expect(await passing(run, command)).toBe(5);
      ports.clock.pass(59_999);
      expect(await passing(run, command)).toBe(0);
      ports.clock.pass(1);
      expect(await passing(run, command)).toBe(5);
    },
  );

  it.each(light)(
    '%s is refused beyond what an instance accepts from one connection in ten seconds',
    async (_, command) => {
      const { run, ports } = await openSockets();
      expect(await passing(run, command)).toBe(20);
      expect(
        ports.budgets.spent.filter(
          ({ costMicroDollars }) => costMicroDollars !== smallRoomFanOutMicroDollars,
        ),
      ).toEqual([]);
      ports.clock.pass(10_000);
      expect(await passing(run, command)).toBe(20);
    },
  );

  it('is charged before it reads or changes anything', async () => {
    for (const [, command] of charged) {
      const { run, ports } = await openSockets({ microDollarsPerMinute: 1 });
      await ports.budget.charge(ann.userId, 1);
      const before = structuredClone([ports.state, ports.connections.all]);
      await expect(run(command)).rejects.toMatchObject({ code: 'rate_limited' });
      expect([ports.state, ports.connections.all]).toEqual(before);
      expect(ports.connectionGateway.done).toEqual([]);
    }
  });

  it('is not counted towards the limit of messages', async () => {
    const { run } = await openSockets({ writesPer10Seconds: 10 });
    for (let count = 0; count < 10; count += 1) await run({ type: 'message', content: 'hi' });
    await expect(run({ type: 'ping' })).resolves.toBeUndefined();
    await expect(run({ type: 'history' })).resolves.toBeUndefined();
  });
});

describe('a right that ended after its socket was opened', () => {
  const endRight = async (ports: Awaited<ReturnType<typeof openSockets>>['ports'], userId: string) => {
    // Like a removal that has not found this socket.
    await ports.members.startRemoval(roomId, userId);
    await ports.log.takeSeq(roomId, { forMessage: false, endsRight: true }, start);
  };

  it('is noticed by every command, even if the socket was not evicted, and leaves void entries', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports, 'mine', { caller: bob })).seq);
    await endRight(ports, bob.userId);
    const commands: Command[] = [
      hi,
      { type: 'edit', message_id, content: 'x' },
      { type: 'delete', message_id },
      { type: 'history' },
      { type: 'read', message_id },
    ];
    for (const command of commands)
      await expect(run(command, ports.connections.all.get('b'))).rejects.toMatchObject({
        code: command.type === 'read' ? 'forbidden' : 'not_found',
      });
    expect(outline(ports)).toBe('m1 _3 -4 -5');
    expect(await ports.log.get(roomId, 1)).toMatchObject({ content: 'mine', isDeleted: false });
    expect(ports.connectionGateway.done).toEqual([]);
  });

  it('of another user is looked up once, and then recorded on the connection', async () => {
    const { ports, run } = await openSockets();
    await endRight(ports, bob.userId);
    const look = vi.spyOn(ports.rooms, 'getWithMember');
    await run(hi);
    expect(look).toHaveBeenCalledOnce();
    expect(ports.connections.all.get('a')?.rooms[roomId]?.verifiedSeq).toBe(1);
    await run({ type: 'message', content: 'again' });
    await run({ type: 'history' });
    expect(look).toHaveBeenCalledOnce();
  });

  it('keeps history from being sent when it ends while the log is read', async () => {
    const { ports, run } = await openSockets();
    await send(ports, 'secret');
    const { rangeDown } = ports.log;
    ports.log.rangeDown = async (...given) => {
      await endRight(ports, bob.userId);
      return rangeDown(...given);
    };
    await expect(run({ type: 'history' }, ports.connections.all.get('b'))).rejects.toMatchObject(notFound);
    expect(ports.connectionGateway.framesTo('b')).toEqual([]);
  });
});

describe('typing', () => {
  const typing = (isTyping: boolean): Command => ({ type: 'typing', is_typing: isTyping });

  it('is published once in two seconds while it does not change', async () => {
    const { ports, run } = await openSockets();
    for (let count = 0; count < 5; count += 1) await run(typing(true));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(1);
    await run(typing(false));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(2);
    ports.clock.pass(2_000);
    await run(typing(false));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(3);
  });

  it.each([100, 101])('is posted to at most a hundred sockets, in a room of %i', async (sockets) => {
    const { ports, run } = await openSockets();
    for (let at = 2; at < sockets; at += 1)
      await ports.subscriptions.add(roomId, subscriberFor(bob, `b${at}`));
    await run(typing(true));
    expect(ports.connectionGateway.done).toHaveLength(sockets <= 100 ? sockets - 1 : 0);
  });

  it('is not published in a room of several shards, and reads nothing', async () => {
    const { ports, run } = await openSockets();
    ports.subscriptions.shard = () => Promise.reject(new Error('read'));
    const far = connectionOf(ann, 'a', { rooms: { [roomId]: { name: 'general', shard: 3 } } });
    await run(typing(true), far);
    expect(ports.connectionGateway.done).toEqual([]);
  });
});

describe('changing a message', () => {
  it('is allowed to its sender only, in a room that is open on the socket', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports, 'mine')).seq);
    const bobs = ports.connections.all.get('b')!;
    await expect(run({ type: 'edit', message_id, content: 'x' }, bobs)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(run({ type: 'delete', message_id }, connectionOf(ann, 'elsewhere'))).rejects.toBeDefined();
    await run({ type: 'edit', message_id, content: 'changed' });
    await run({ type: 'delete', message_id });
    expect(ports.connectionGateway.framesTo('b').map(({ type }) => type)).toEqual([
      'message_edited',
      'message_deleted',
    ]);
  });
});

describe('the auth command', () => {
  it('extends the connection wherever it is registered', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'auth', token: 'ann' });
    expect(ports.connections.all.get('a')?.tokenEndsAt).toBe(start + 900_000);
    expect(ports.subscriptions.of(roomId).map(({ tokenEndsAt }) => tokenEndsAt)).toEqual([
      start + 900_000,
      bob.tokenEndsAt,
    ]);
  });

  it('with a token of another session ties the connection to that session', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'auth', token: 'second session' });
    expect(ports.connections.all.get('a')?.sessionId).toBe(uuid(9));
    expect(ports.subscriptions.of(roomId).map(({ sessionId }) => sessionId)).toEqual([
      uuid(9),
      bob.sessionId,
    ]);
  });

  it.each(['the old', 'the new'])(
    'is refused when %s session ends while the socket moves from one session to another',
    async (which) => {
      const ended = which === 'the old' ? ann.sessionId : uuid(9);
      for (const when of ['before', 'after'] as const) {
        const { ports, run } = await openSockets();
        await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'a'));
        const signOut = () => endSessions(ports, ann.userId, [ended], { accessTokenLifetimeMs: 300_000 });
        const { extend } = ports.connections;
        ports.connections.extend = async (...given) => {
          if (when === 'before') await signOut();
          const isExtended = await extend(...given);
          if (when === 'after') await signOut();
          return isExtended;
        };
        const moving = run({ type: 'auth', token: 'second session' });
        await expect(moving).rejects.toMatchObject({ code: 'unauthorized' });
        expect(ports.connections.all.get('a')).toMatchObject({ ended: 'signed_out', tokenEndsAt: start });
        const subscriptions = [...ports.subscriptions.of(roomId), ...ports.subscriptions.of(ann.userId)];
        const living = subscriptions.filter(
          ({ connectionId, tokenEndsAt }) => connectionId === 'a' && tokenEndsAt > start,
        );
        expect(living).toEqual([]);
      }
    },
  );

  it('does not revive a connection when a sign-out runs between its check and its write', async () => {
    const { ports, run } = await openSockets();
    await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'a'));
    const { isRevoked } = ports.revocations;
    ports.revocations.isRevoked = async (holder) => {
      const answer = await isRevoked(holder);
      await endSessions(ports, ann.userId, [ann.sessionId], { accessTokenLifetimeMs: 300_000 });
      return answer;
    };
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(ports.connections.all.get('a')).toMatchObject({ ended: 'signed_out', tokenEndsAt: start });
  });

  it.each([
    ['was ended', { ended: 'too_many' as const }],
    ['has a token that has ended', { tokenEndsAt: start }],
    ['has a lease that has ended', { leaseEndsAt: start }],
  ])('does not revive a connection that %s, nor does a ping', async (_, more) => {
    const { ports, run } = await openSockets();
    Object.assign(ports.connections.all.get('a')!, more);
    const before = structuredClone(ports.connections.all.get('a'));
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    await run({ type: 'ping' });
    expect(ports.connections.all.get('a')).toEqual(before);
  });

  it('refuses a token of another user or of a session that was ended', async () => {
    const { ports, run } = await openSockets();
    await expect(run({ type: 'auth', token: 'bob' })).rejects.toMatchObject({ code: 'unauthorized' });
    await ports.revocations.revoke(ann.sessionId, start);
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(ports.connections.all.get('a')?.tokenEndsAt).toBe(ann.tokenEndsAt);
  });
});

describe('other commands', () => {
  it('typing is posted to the other users only', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'typing', is_typing: true });
    expect(ports.connectionGateway.done).toEqual(['post b typing_indicator']);
  });

  it('ping is answered with the heads, and extends the lease by two and a half heartbeats', async () => {
    const { ports, run } = await openSockets();
    await send(ports);
    await run({ type: 'ping' });
    expect(ports.connectionGateway.framesTo('a')).toMatchObject([{ type: 'pong', heads: { [roomId]: 1 } }]);
    expect(ports.connections.all.get('a')?.leaseEndsAt).toBe(start + 50_000);
  });

  it('history accepts one direction, and is sent to this socket alone', async () => {
    const { ports, run } = await openSockets();
    await send(ports);
    await expect(run({ type: 'history', before: 1, after: 1 })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await run({ type: 'history' });
    expect(ports.connectionGateway.done).toEqual(['post a chat_message', 'post a history_end']);
  });

  it('join and leave are refused on a socket that was opened for one room', async () => {
    const { run } = await openSockets();
    const single = connectionOf(ann, 'a', { ...inRoom, isSingleRoom: true });
    for (const command of [{ type: 'join', room: 'other' }, { type: 'leave' }] as const) {
      await expect(run(command, single)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  describe('join and leave, which the gateway may deliver at once and in any order', () => {
    const join = { type: 'join', room_id: roomId, ref: 'join' } as const;
    const leave = { type: 'leave', room_id: roomId, ref: 'leave' } as const;

    async function idleSocket() {
      const { ports } = await openSockets();
      await ports.connections.open(connectionOf(ann, 'idle'));
      const stored = () => ports.connections.all.get('idle')!;
      const isSubscribed = () =>
        ports.subscriptions.of(roomId).some(({ connectionId }) => connectionId === 'idle');
      return { ports, stored, isSubscribed, idle: structuredClone(stored()) };
    }

    it('a leave undoes a join that was received before it and runs after it', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, leave, start + 10);
      await expect(runCommand(ports, stored(), join, start + 9)).rejects.toMatchObject(notFound);
      expect([isSubscribed(), stored().rooms]).toEqual([false, {}]);
      expect(ports.connectionGateway.framesTo('idle')).toEqual([
        { type: 'left', room_id: roomId, ref: 'leave' },
      ]);
    });

    it('a late leave does not close a room that was joined again', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      const beforeLeave = structuredClone(stored());
      await runCommand(ports, stored(), join, start + 20);
      await runCommand(ports, beforeLeave, leave, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });

    it('a leave does not close the room when a later join runs in the middle of it', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      const { leaveRoom } = ports.connections;
      ports.connections.leaveRoom = async (...args) => {
        const room = await leaveRoom(...args);
        await runCommand(ports, stored(), join, start + 20);
        return room;
      };
      await runCommand(ports, structuredClone(stored()), leave, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });

    it('a leave that runs while user_join is published is followed by user_leave', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await ports.subscriptions.remove(roomId, 0, 'a');
      const post = ports.connectionGateway.post.bind(ports.connectionGateway);
      ports.connectionGateway.post = async (connectionId, frame) => {
        if (frame.includes('user_join'))
          await runCommand(ports, structuredClone(stored()), leave, start + 10);
        return post(connectionId, frame);
      };
      await runCommand(ports, idle, join, start + 1);
      const types = ports.connectionGateway.framesTo('b').map(({ type }) => type);
      expect([isSubscribed(), types.at(-1)]).toEqual([false, 'user_leave']);
    });

    it('a leave and a join in the same millisecond leave an open room and open it again', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      await runCommand(ports, structuredClone(stored()), leave, start + 10);
      await runCommand(ports, structuredClone(stored()), join, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });
  });

  it('join opens a room, and leave closes it', async () => {
    const { ports, run } = await openSockets();
    const idle = connectionOf(ann, 'idle');
    await ports.connections.open(idle);
    await run({ type: 'join', room: 'general' }, idle);
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toContain('idle');
    await run({ type: 'leave' }, ports.connections.all.get('idle'));
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).not.toContain('idle');
    expect(ports.connections.all.get('idle')?.rooms).toEqual({});
  });
});
