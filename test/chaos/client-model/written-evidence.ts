/** Makes evidence by hand, for the tests of the checker. */
import type { Evidence, RoomEvidence, ViewEvidence, WrittenText } from './evidence.ts';

export const text = (number: number, changes: Partial<WrittenText> = {}): WrittenText => ({
  text: `text ${number}`,
  number,
  author: 'ann',
  tab: 0,
  device: 0,
  handle: 0,
  target: { by: 'id', roomId: 'garden' },
  isAccepted: true,
  isCanceled: false,
  failedWith: undefined,
  isWaiting: false,
  ...changes,
});

export const room = (
  roomId: string,
  written: readonly WrittenText[],
  changes: Partial<RoomEvidence> = {},
): RoomEvidence => ({
  roomId,
  label: `the ${roomId}`,
  names: [{ name: roomId, from: 0, until: Infinity }],
  isDeleted: false,
  isMadeBySocket: false,
  closedTo: [],
  createdAtMs: 0,
  creator: 'ann',
  log: written.map(({ text, author }, index) => ({ seq: index + 1, text, author })),
  ...changes,
});

export const view = (changes: Partial<ViewEvidence> = {}): ViewEvidence => ({
  handle: 0,
  tab: 0,
  user: 'ann',
  opened: { by: 'id', roomId: 'garden' },
  openedAtMs: 1_000,
  identifiedAtMs: 1_000,
  roomIds: ['garden'],
  shown: [],
  doubled: [],
  atRest: undefined,
  ...changes,
});

export const evidence = (changes: Partial<Evidence>): Evidence => ({
  texts: [],
  rooms: [room('garden', [])],
  roomsAtRest: changes.rooms ?? [room('garden', [])],
  views: [],
  tabs: [],
  presence: [],
  ...changes,
});
