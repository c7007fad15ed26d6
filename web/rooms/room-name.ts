/** The name that a room is shown by. */
import type { MyRoom } from 'serverless-chat-client/react';

/** Returns the other user's name for a direct room, and otherwise that of the room. */
export function nameOf({ room_name: name, peer }: Pick<MyRoom, 'room_name' | 'peer'>): string {
  return peer?.username ?? name;
}
