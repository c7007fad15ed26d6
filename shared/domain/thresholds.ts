/** Thresholds of age and size that change how a gap, a connection or a room is treated. Tests build with lower ones. */

/**
 * A younger gap is left to its writer, which stores its entry within milliseconds. A writer that comes later finds the void
 * entry and takes another seq. The age is measured at the next entry after the gap, so of several gaps in a row the first
 * ones wait longer: hence the age is far below the promised 30 s.
 */
export const gapAgeMs = 5_000;

/** Up to this many connections a room has one shard, and the writer of an entry publishes it. */
export const smallRoomConnections = 100;

/**
 * API Gateway answers posts to a socket whose handshake has not finished as if the socket were gone. A connection that is
 * younger than this is therefore not removed: its welcome follows, and brings everything that it missed.
 */
export const handshakeMs = 15_000;
