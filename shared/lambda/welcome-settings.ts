/** The limits of opening rooms, for the functions that welcome sockets. */
import type { ConfigOf } from './config.ts';

/** Returns the settings of a welcome, in the form that shared/realtime takes. */
export function welcomeSettings(
  config: ConfigOf<
    'heartbeatSeconds' | 'arrivalsPerUserAndRoomPer10Seconds' | 'connectionsPerUser' | 'reconnectAfterMinutes'
  >,
): {
  heartbeatSeconds: number;
  arrivalsPerWindow: number;
  connectionsPerUser: number;
  reconnectAfterMs: number;
} {
  return {
    heartbeatSeconds: config.heartbeatSeconds,
    arrivalsPerWindow: config.arrivalsPerUserAndRoomPer10Seconds,
    connectionsPerUser: config.connectionsPerUser,
    reconnectAfterMs: config.reconnectAfterMinutes * 60_000,
  };
}
