/** The settings of the runtimes that tests start, as environment variables. */
import { variablesFor } from '../../infra/stages.ts';

/**
 * Limits that no test reaches unless it is about them, since tests send in a second what a user sends in an hour and
 * register all their users from one address; and the cheapest hash that bcrypt has.
 */
export const testSettings: Readonly<Record<string, string>> = variablesFor({
  bcryptCost: 4,
  loginFailuresPerAddress: 10_000,
  loginsPerAccountPerHour: 100_000,
  registrationsPerAddressPerHour: 100_000,
  messagesPerUserPer10Seconds: 1_000_000,
  microDollarsPerUserPerMinute: 1_000_000_000,
  commandBudgetPerConnectionPer10Seconds: 20_000,
  arrivalsPerUserAndRoomPer10Seconds: 1_000_000,
  connectionsPerUser: 0,
  lookupsPerUserPerMinute: 100_000,
  roomsPerUserPerHour: 1_000_000,
  additionsPerUserPerHour: 1_000_000,
  ticketsPerUserPerMinute: 100_000,
  httpRequestsPerSecond: 10_000,
  httpRequestBurst: 5_000,
  webSocketRequestsPerSecond: 10_000,
  webSocketRequestBurst: 5_000,
});
