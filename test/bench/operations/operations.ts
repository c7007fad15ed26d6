/** Reports the capacity units, requests, round trips and posts of every operation. */

import type { Sum, Tally } from '../counting/tally.ts';
import type { Report } from '../report.ts';
import type { BenchContext } from '../section.ts';
import { rounded } from '../statistics.ts';
import { countOperations, type CountedOperation } from './count-operations.ts';

export async function measureOperations(context: BenchContext): Promise<void> {
  const { report } = context;
  const { http, commands } = await countOperations(context, () => true);
  report.heading('HTTP operations, by the size of the room (what follows in the table stream after the +)');
  show(report, http);
  report.heading(
    'WebSocket commands, by the size of the room (what follows in the table stream after the +)',
  );
  show(report, commands);
  reportCounts(report, [...http, ...commands]);
  reportBounded(report, [...http, ...commands]);
}

const columns = [
  'operation',
  'write units',
  'read units',
  'requests',
  'round trips',
  'to first post',
  'posts',
  'invocations',
];

function show(report: Report, rows: readonly CountedOperation[]): void {
  report.table(
    columns,
    rows.map(({ name, tally: { direct, followUp } }) => {
      const both = (of: (sum: Sum) => number | undefined): string => {
        const [own, later] = [of(direct), of(followUp)];
        return `${own === undefined ? '–' : rounded(own, 2)}${later ? ` + ${rounded(later, 2)}` : ''}`;
      };
      return [
        name,
        both((sum) => sum.writeUnits),
        both((sum) => sum.readUnits),
        both((sum) => sum.requests),
        both((sum) => sum.roundTrips),
        both((sum) => sum.roundTripsToFirstPost),
        both((sum) => sum.posts),
        both((sum) => sum.invocations),
      ];
    }),
  );
}

export function reportCounts(report: Report, rows: readonly CountedOperation[]): void {
  for (const { name, tally } of rows) {
    reportSum(report, `operations.${name}`, tally.direct);
    reportSum(report, `operations.${name}.table_stream`, tally.followUp);
  }
}

function reportSum(report: Report, name: string, sum: Sum): void {
  report.figure(`${name}.write_units`, sum.writeUnits);
  report.figure(`${name}.read_units`, rounded(sum.readUnits, 2));
  report.figure(`${name}.requests`, sum.requests);
  report.figure(`${name}.round_trips`, sum.roundTrips);
  report.figure(`${name}.round_trips_to_first_post`, sum.roundTripsToFirstPost);
  report.figure(`${name}.posts`, sum.posts);
  report.figure(`${name}.invocations`, sum.invocations);
  report.figure(`${name}.log_bytes`, sum.logBytes);
}

/** Records the figures that have a bound under a shorter name. */
function reportBounded(report: Report, rows: readonly CountedOperation[]): void {
  const find = (name: string): Tally | undefined => rows.find((row) => row.name === name)?.tally;
  const opening = find(`open_public_room.room10`);
  report.figure('operations.open_public_room.write_units', opening?.direct.writeUnits);
  report.figure('operations.open_public_room.round_trips', opening?.direct.roundTrips);
  report.figure('operations.read.write_units', find(`read.room10`)?.direct.writeUnits);
  report.figure('operations.listRooms.50_rooms.requests', find('listRooms')?.direct.requests);
  report.figure('operations.listMyRooms.50_rooms.requests', find('listMyRooms')?.direct.requests);
  report.figure('operations.listUnread.50_rooms.requests', find('listUnread')?.direct.requests);
  report.figure('operations.listUnread.50_rooms.read_units', find('listUnread')?.direct.readUnits);
  report.figure('operations.markUnread.write_units', find('markUnread.room10')?.direct.writeUnits);
  const [small, large] = [find('message.room100'), find('message.room1000')];
  if (small === undefined || large === undefined) return;
  const units = ({ direct, followUp }: Tally): number => direct.readUnits + followUp.readUnits;
  report.figure(
    'operations.message.read_units_per_40_sockets',
    rounded((units(large) - units(small)) / (900 / 40), 2),
  );
}
