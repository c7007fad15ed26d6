/** Calculates the cost of a month from the number of users and what each of them does in a day. */

import type { Price } from './price.ts';
import { prices } from '../../../infra/prices.ts';

export const daysOfMonth = 30;

/** What one user does in a day. All are in rooms of ten users who are all connected, which costs the most. */
export const day = {
  minutesOnline: 60,
  message_with_client_id: 20,
  read: 10,
  open_public_room_again: 4,
  close_socket: 4,
  /** One every four minutes while the user is online. */
  ping: 15,
  listMyRooms: 4,
  listMessages: 4,
} as const;

export type DailyOperation = Exclude<keyof typeof day, 'minutesOnline'>;
export const dailyOperations = Object.keys(day).filter(
  (name): name is DailyOperation => name !== 'minutesOnline',
);

/** Returns dollars a month; `of` holds the price of a million of each operation. */
export function monthlyPrice(users: number, of: Readonly<Record<DailyOperation, Price>>): Price {
  const days = users * daysOfMonth;
  const sum = (part: keyof Price): number =>
    dailyOperations.reduce((all, name) => all + (of[name][part] * day[name] * days) / 1_000_000, 0);
  const minutes = (day.minutesOnline * days * prices.perMillionConnectionMinutes) / 1_000_000;
  return {
    gateway: sum('gateway') + minutes,
    transfer: sum('transfer'),
    database: sum('database'),
    functions: sum('functions'),
    logs: sum('logs'),
    total: sum('total') + minutes,
  };
}
