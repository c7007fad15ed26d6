/**
 * The build that the short forms run: a hole is old after two seconds instead of five, a socket past its
 * handshake after three instead of fifteen, and a room is large from nine sockets on instead of a hundred. Longer forms run what is deployed.
 */

import type { SourcePatch } from './patched-bundles.ts';

export const quickBuild: readonly SourcePatch[] = [
  {
    file: 'shared/domain/thresholds.ts',
    find: 'export const gapAgeMs = 5_000;',
    replace: 'export const gapAgeMs = 2_000;',
  },
  {
    file: 'shared/domain/thresholds.ts',
    find: 'const smallRoomConnections = 100;',
    replace: 'const smallRoomConnections = 8;',
  },
  {
    file: 'shared/domain/thresholds.ts',
    find: 'const handshakeMs = 15_000;',
    replace: 'const handshakeMs = 3_000;',
  },
];
