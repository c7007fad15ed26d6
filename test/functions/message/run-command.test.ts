import { describe, expect, it } from 'vitest';
import type { Command } from '../../../shared/contract/websocket/commands.ts';
import { commandCharges, smallRoomFanOutMicroDollars } from '../../../shared/domain/rate-limits/charges.ts';
import { type Charge } from '../../../shared/domain/rate-limits/user-budget.ts';
import { ann } from '../../kit/memory-chat/system.ts';
import { openSockets } from './open-sockets.ts';

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
  /** Returns how many of 30 commands are not refused as rate_limited; other errors do not matter. */
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
      const stored = () => ports.table.all().filter(({ pk }) => !String(pk).startsWith('LIMIT#budget'));
      const before = stored();
      await expect(run(command)).rejects.toMatchObject({ code: 'rate_limited' });
      expect(stored()).toEqual(before);
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
