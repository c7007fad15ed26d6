/**
 * Thresholds that a short test reaches: gaps and handshakes are old after seconds, and nine sockets make a large
 * room.
 */
import type * as original from '../../../shared/domain/thresholds.ts';

type Thresholds = Record<keyof typeof original, number>;

export const { gapAgeMs, smallRoomConnections, handshakeMs } = {
  gapAgeMs: 2_000,
  smallRoomConnections: 8,
  handshakeMs: 3_000,
} satisfies Thresholds;
