/** Shows in the list of rooms what the user does to rooms over HTTP, without waiting for an event. */
import type { HttpOperations } from '../contract/http-operations.ts';
import type { RoomList } from './room-list.ts';

/** Returns the operations; those that add or remove a room of the user also change the list. */
export function withListedRooms(http: HttpOperations, list: () => RoomList): HttpOperations {
  return {
    ...http,
    async createRoom(args) {
      const room = await http.createRoom(args);
      list().added(room);
      return room;
    },
    async openDirectRoom(args) {
      const room = await http.openDirectRoom(args);
      list().added(room);
      return room;
    },
    async leaveRoom(args) {
      await http.leaveRoom(args);
      list().removed(args.room_id);
    },
    async deleteRoom(args) {
      await http.deleteRoom(args);
      list().removed(args.room_id);
    },
  };
}
