/** The keys of stored items, written by hand, so that a test fails when an entity changes the stored form of a key. */
import { foldCase, foldRoomName } from '../../../shared/contract/names.ts';

const key = (pk: string, sk: string) => ({ pk, sk });
const digits = (seq: number): string => String(seq).padStart(16, '0');

export const keys = {
  user: (userId: string) => key(`USER#${userId}`, 'PROFILE'),
  account: (userId: string) => key(`ACCOUNT#${userId}`, 'ACCOUNT'),
  session: (userId: string, sessionId: string) => key(`ACCOUNT#${userId}`, `SESSION#${sessionId}`),
  login: (username: string) => key(`LOGIN#${foldCase(username)}`, 'LOGIN'),
  email: (address: string) => key(`EMAIL#${foldCase(address)}`, 'EMAIL'),
  room: (roomId: string) => key(`ROOM#${roomId}`, 'ROOM'),
  head: (roomId: string) => key(`ROOM#${roomId}`, 'HEAD'),
  roomName: (name: string) => key(`ROOMNAME#${foldRoomName(name)}`, 'ROOMNAME'),
  member: (roomId: string, userId: string) => key(`ROOM#${roomId}`, `MEMBER#${userId}`),
  formerMember: (roomId: string, userId: string) => key(`ROOM#${roomId}`, `FORMER#${userId}`),
  inboxWatch: (roomId: string, userId: string) => key(`ROOM#${roomId}`, `INBOX#${userId}`),
  activityPace: (roomId: string) => key(`ROOM#${roomId}`, 'ACTIVITY'),
  entry: (roomId: string, seq: number) => key(`LOG#${roomId}`, digits(seq)),
  canaryResult: () => key('CANARY#RESULT', 'RESULT'),
  migrationCheckpoint: (name: string, segment: number) => key(`MIGRATION#${name}`, `SEGMENT#${segment}`),
  sendKey: (roomId: string, userId: string, clientId: string) => key(`SENT#${roomId}#${userId}`, clientId),
  deadSeqs: (roomId: string, bucket: number) => key(`UNREAD#${roomId}`, `DEAD#${digits(bucket)}`),
  ownSeqs: (roomId: string, userId: string) => key(`UNREAD#${roomId}`, `OWN#${userId}`),
  ownSeqsUpTo: (roomId: string, userId: string, seq: number) =>
    key(`UNREAD#${roomId}`, `OWN#${userId}#${digits(seq)}`),
  connection: (connectionId: string) => key(`CONN#${connectionId}`, 'CONN'),
  subscriber: (topic: string, shard: number, connectionId: string) =>
    key(`LIVE#${topic}#${shard}`, connectionId),
  revocation: (sessionId: string) => key(`REVOKED#${sessionId}`, 'REVOKED'),
  userRevocation: (userId: string) => key(`REVOKED#${userId}`, 'USER'),
  revocationNotice: (userId: string, tokenVersion: number) =>
    key(`REVOKED#${userId}`, `NOTICE#${tokenVersion}`),
  fileStep: (stepKey: string) => key(`FILES#${stepKey}`, 'STEP'),
  erasureStep: (userId: string, step: number) => key(`ERASE#${userId}`, `STEP#${step}`),
  ticket: (hash: string) => key(`TICKET#${hash}`, 'TICKET'),
  upload: (roomId: string, uploadKey: string) => key(`UPLOAD#${roomId}`, uploadKey),
  turn: (scope: string) => key(`LIMIT#${scope}`, 'TURN'),
  limit: (scope: string, windowStart: number) => key(`LIMIT#${scope}`, String(windowStart)),
};
