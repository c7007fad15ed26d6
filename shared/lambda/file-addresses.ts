/**
 * Addresses of files, which are signed and end after an hour to an hour and a half. `infra/edge/check-file-address.js` checks
 * them at the edge, and a function where there is none.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface FilePlace {
  roomId: string;
  /** Of one file: 128 random bits in base64url. */
  folder: string;
}

export interface FileAddress extends FilePlace {
  /** The file, or one of its thumbnails by its longest side in pixels. */
  name: 'original' | '1280' | '320' | '96';
}

/** Addresses end on the half hour, so that those of one half hour are equal and browsers show what they have. */
const stepSeconds = 30 * 60;
const minLifetimeSeconds = 60 * 60;

/** Returns the path with its query. One signature covers all names in a folder. */
export function signFileAddress(key: string, { roomId, folder, name }: FileAddress, nowMs: number): string {
  const until = Math.ceil((nowMs / 1_000 + minLifetimeSeconds) / stepSeconds) * stepSeconds;
  const signature = signatureOf(key, { roomId, folder }, until);
  return `/files/${roomId}/${folder}/${name}?until=${until}&signature=${signature}`;
}

/** Returns the file of an address; undefined when the address is not signed with one of the keys, or has ended. */
export function readFileAddress(
  keys: readonly string[],
  { path, query }: { path: string; query: Readonly<Record<string, string | undefined>> },
  nowMs: number,
): FileAddress | undefined {
  const [, roomId, folder, name] = filePath.exec(path) ?? [];
  const { until = '', signature = '' } = query;
  if (roomId === undefined || folder === undefined || !/^\d{1,12}$/.test(until)) return undefined;
  if (Number(until) * 1_000 <= nowMs) return undefined;
  const isSigned = keys.some((key) => isSame(signatureOf(key, { roomId, folder }, Number(until)), signature));
  return isSigned ? { roomId, folder, name: name as FileAddress['name'] } : undefined;
}

const filePath = /^\/files\/([0-9a-f-]{36})\/([A-Za-z0-9_-]{22})\/(original|1280|320|96)$/;

export interface PictureAddress {
  userId: string;
  /** 128 random bits in base64url: the address cannot be guessed. */
  folder: string;
  /** The side in pixels. */
  name: '320' | '96';
}

/** Returns the path of a profile picture, which stays and needs no signature. */
export const picturePath = ({ userId, folder, name }: PictureAddress): string =>
  `/files/pictures/${userId}/${folder}/${name}`;

/** Returns a function that makes the addresses of profile pictures, below the public address of the stage. */
export function pictureAddresses(filesUrl: string): (picture: Omit<PictureAddress, 'name'>) => string {
  const { origin } = new URL(filesUrl);
  return (picture) => `${origin}${picturePath({ ...picture, name: '320' })}`;
}

/** Returns the picture of a path; undefined for another path. */
export function readPictureAddress(path: string): PictureAddress | undefined {
  const [, userId, folder, name] =
    /^\/files\/pictures\/([0-9a-f-]{36})\/([A-Za-z0-9_-]{22})\/(320|96)$/.exec(path) ?? [];
  if (userId === undefined || folder === undefined) return undefined;
  return { userId, folder, name: name as PictureAddress['name'] };
}

const signatureOf = (key: string, { roomId, folder }: FilePlace, until: number): string =>
  createHmac('sha256', key).update(`${roomId}/${folder}/${until}`).digest('base64url');

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
