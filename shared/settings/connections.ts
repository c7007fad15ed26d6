/** Settings of connections: how they open and how long they last. */
import { boolean, decimal, origins, wholeNumber } from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const connectionSettings = {
  createRoomsOnConnect: setting({
    topic: 'Connections',
    variable: 'CREATE_ROOMS_ON_CONNECT',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['chat', 'connect', 'message'],
    description: 'Create a public room when a user connects to a name that does not exist yet.',
  }),
  allowQueryToken: setting({
    topic: 'Connections',
    variable: 'ALLOW_QUERY_TOKEN',
    parser: boolean,
    defaults: { local: true, dev: true, prod: false },
    readBy: ['connect'],
    description:
      'Accept `?token=` at the handshake. Such tokens end up in browser histories and in the logs of proxies.',
  }),
  allowedOrigins: setting({
    topic: 'Connections',
    variable: 'ALLOWED_ORIGINS',
    parser: origins,
    defaults: { local: ['*'], dev: ['*'], prod: [] },
    readBy: ['connect'],
    description:
      'Origins whose pages may call the API and open sockets from a browser; `*` for any, none by default in `prod`.',
    requiredIn: ['prod'],
  }),
  heartbeatSeconds: setting({
    topic: 'Connections',
    variable: 'HEARTBEAT_SECONDS',
    // API Gateway closes a connection that was idle for 10 minutes.
    parser: wholeNumber({ from: 1, to: 540 }),
    defaults: everyStage(240),
    readBy: ['message', 'tableStream', 'welcome'],
    unit: 'seconds',
    description: 'How often a client must send a ping for its connection to count as alive.',
  }),
  reconnectAfterMinutes: setting({
    topic: 'Connections',
    variable: 'RECONNECT_AFTER_MINUTES',
    // API Gateway closes a connection after 120 minutes, and up to 15 % are added at random.
    parser: decimal({ from: 0.01, to: 100 }),
    defaults: everyStage(100),
    readBy: ['message', 'tableStream', 'fanOut', 'welcome', 'inbox'],
    unit: 'minutes',
    description: 'When the server asks a client to reconnect; up to 15 % are added at random.',
  }),
} satisfies Record<string, Setting>;
