/** Reads the user's rooms over HTTP, page by page. */
import type { MyRoom } from '../contract/entities.ts';
import type { HttpOperations } from '../contract/http-operations.ts';

/** Bounds the requests: five pages. The server sends activity for as many rooms. */
const maxRooms = 500;
const pageSize = 100;

export interface MyRooms {
  /** Newest activity first. */
  rooms: MyRoom[];
  /** Whether the user may have further rooms. */
  hasMore: boolean;
}

/** Returns the rooms with the newest activity, at most 500. */
export async function readMyRooms(http: Pick<HttpOperations, 'listMyRooms'>): Promise<MyRooms> {
  const rooms: MyRoom[] = [];
  for await (const page of http.listMyRooms({ limit: pageSize }).pages()) {
    rooms.push(...page);
    if (rooms.length >= maxRooms) return { rooms, hasMore: true };
  }
  return { rooms, hasMore: false };
}
