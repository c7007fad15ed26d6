/** Limits of what one user may do and cost. */
import { limit, wholeNumber } from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const userLimitSettings = {
  messagesPerUserPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'MESSAGES_PER_10_SECONDS',
    parser: limit,
    defaults: everyStage(50),
    readBy: ['accounts', 'chat', 'connect', 'message', 'tableStream', 'inbox'],
    unit: 'changes in 10 seconds',
    description: 'Messages, edits, deletions and other changes, over HTTP and all sockets together.',
  }),
  microDollarsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'MICRO_DOLLARS_PER_USER_PER_MINUTE',
    parser: wholeNumber({ from: 1, to: 1_000_000_000 }),
    defaults: everyStage(45_000),
    readBy: ['accounts', 'chat', 'connect', 'message', 'tableStream', 'inbox'],
    unit: 'micro-dollars a minute',
    description:
      'What the requests of one user may cost. A message is accepted as long as anything is left, so the bound is this ' +
      'value plus the cost of one message in the largest room. See [the cost of one user](cost.md#what-one-user-can-cost).',
  }),
  commandBudgetPerConnectionPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'COMMAND_BUDGET_PER_10_SECONDS',
    parser: wholeNumber({ from: 10, to: 1_000_000 }),
    defaults: everyStage(300),
    readBy: ['message'],
    unit: 'commands in 10 seconds',
    description:
      'Light commands (ping, read, typing) and refused frames of one connection, counted by each function instance.',
  }),
  arrivalsPerUserAndRoomPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'ARRIVALS_PER_10_SECONDS',
    parser: limit,
    defaults: everyStage(5),
    readBy: ['message', 'tableStream', 'welcome'],
    unit: 'arrivals in 10 seconds',
    description: 'How often a user may arrive in one room, since everyone in the room is notified each time.',
  }),
  connectionsPerUser: setting({
    topic: 'Limits of one user',
    variable: 'CONNECTIONS_PER_USER',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(20),
    readBy: ['chat', 'connect', 'tableStream', 'welcome'],
    unit: 'sockets',
    description: 'Sockets that a user may have open at the same time; 0 for no limit.',
  }),
  lookupsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'LOOKUPS_PER_USER_PER_MINUTE',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['accounts'],
    unit: 'searches a minute',
    description: 'Searches for other users.',
  }),
  roomsPerUserPerHour: setting({
    topic: 'Limits of one user',
    variable: 'ROOMS_PER_USER_PER_HOUR',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['chat', 'connect', 'message'],
    unit: 'rooms an hour',
    description: 'Rooms that a user may create: on request, by connecting to a new name, and direct rooms.',
  }),
  additionsPerUserPerHour: setting({
    topic: 'Limits of one user',
    variable: 'ADDITIONS_PER_USER_PER_HOUR',
    parser: limit,
    defaults: everyStage(120),
    readBy: ['chat'],
    unit: 'members an hour',
    description: 'Users that a user may add to private rooms, since those are not asked for consent.',
  }),
  ticketsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'TICKETS_PER_USER_PER_MINUTE',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['chat'],
    unit: 'tickets a minute',
    description: 'Tickets for handshakes.',
  }),
} satisfies Record<string, Setting>;
