/** Reports the cost of messages and of a month, from the counted operations and infra/prices.ts. */

import { countOperations } from '../operations/count-operations.ts';
import { reportCounts } from '../operations/operations.ts';
import type { BenchContext } from '../section.ts';
import { rounded } from '../statistics.ts';
import { dailyOperations, monthlyPrice, type DailyOperation } from './monthly.ts';
import { overGateway, pricePerMillion, type Counts, type Operation, type Price } from './price.ts';

const sizes = [1, 10, 100, 1_000];
const dailyUsers = [100, 10_000, 1_000_000];

/** The names under which the operations are counted. */
const counted: Record<DailyOperation, { name: string; trigger: Operation['trigger'] }> = {
  message_with_client_id: { name: 'message_with_client_id.room10', trigger: 'frame' },
  read: { name: 'read.room10', trigger: 'frame' },
  // Calculated as one message, although the price list does not say that a handshake is charged as one.
  open_public_room_again: { name: 'open_public_room_again', trigger: 'frame' },
  close_socket: { name: 'close_socket.room10', trigger: 'frame' },
  ping: { name: 'ping', trigger: 'frame' },
  listMyRooms: { name: 'listMyRooms', trigger: 'http' },
  listMessages: { name: 'listMessages', trigger: 'http' },
};

const messageNames = sizes.flatMap((size) => [`message.room${size}`, `message_with_client_id.room${size}`]);

export async function measurePrice(context: BenchContext): Promise<void> {
  const { report } = context;
  await countMissing(context);
  const figures = report.figures();

  const messages = messageNames.map((name) => ({ name, price: priceOf(figures, name, 'frame') }));
  report.heading('A million messages, in dollars, by the size of the room');
  report.table(
    ['message', 'API Gateway', 'transfer', 'database', 'functions', 'logs', 'total', '× gateway'],
    messages.map(({ name, price }) => [name, ...cells(price), overGateway(price).toFixed(2)]),
  );
  for (const { name, price } of messages) report.figure(`price.${name}.dollars`, rounded(price.total, 2));
  report.figure(
    'price.room10.over_gateway',
    rounded(overGateway(priceOf(figures, 'message.room10', 'frame')), 3),
  );

  const ofOperation = Object.fromEntries(
    dailyOperations.map((name) => [name, priceOf(figures, counted[name].name, counted[name].trigger)]),
  ) as Record<DailyOperation, Price>;
  report.heading('A month, in dollars, by daily users');
  report.table(
    ['users', 'API Gateway', 'transfer', 'database', 'functions', 'logs', 'total', 'per user'],
    dailyUsers.map((users) => {
      const price = monthlyPrice(users, ofOperation);
      report.figure(`price.month.users_${users}.dollars`, rounded(price.total, 2));
      return [users.toLocaleString('en-US'), ...cells(price), (price.total / users).toFixed(4)];
    }),
  );
}

function cells({ gateway, transfer, database, functions, logs, total }: Price): string[] {
  return [gateway, transfer, database, functions, logs, total].map((dollars) =>
    dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );
}

/** Counts the operations that were not measured in the same run. */
async function countMissing(context: BenchContext): Promise<void> {
  const figures = context.report.figures();
  const needed = [...messageNames, ...dailyOperations.map((name) => counted[name].name)].filter(
    (name) => figures[`operations.${name}.invocations`] === undefined,
  );
  if (needed.length === 0) return;
  const { http, commands } = await countOperations(context, (name) => needed.includes(name));
  reportCounts(context.report, [...http, ...commands]);
}

function priceOf(
  figures: Readonly<Record<string, number>>,
  name: string,
  trigger: Operation['trigger'],
): Price {
  const countsOf = (prefix: string): Counts => {
    const read = (figure: string): number => {
      const value = figures[`${prefix}.${figure}`];
      if (value === undefined) throw new Error(`${name} was not counted`);
      return value;
    };
    return {
      writeUnits: read('write_units'),
      readUnits: read('read_units'),
      posts: read('posts'),
      invocations: read('invocations'),
      logBytes: read('log_bytes'),
      roundTrips: read('round_trips'),
    };
  };
  return pricePerMillion({
    parts: [countsOf(`operations.${name}`), countsOf(`operations.${name}.table_stream`)],
    trigger,
  });
}
