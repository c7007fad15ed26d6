/** Loads the pictures of a room's members when the room is opened. */
import { useEffect } from 'react';
import { useChat } from 'serverless-chat-client/react';
import { rememberPictures } from './pictures.ts';

/** A room that is opened again within this time has the pictures that it had. */
const freshMs = 5 * 60_000;

/** When the members of a room were last requested. */
const loadedAt = new Map<string, number>();

/** @param isOpen whether the user may read the room now */
export function useMemberPictures(roomId: string, isOpen: boolean): void {
  const { client } = useChat();
  useEffect(() => {
    if (!isOpen || Date.now() - (loadedAt.get(roomId) ?? -Infinity) < freshMs) return;
    loadedAt.set(roomId, Date.now());
    client.http
      .listMembers({ room_id: roomId })
      .firstPage()
      // Without them, the initials are shown.
      .then(rememberPictures, () => loadedAt.delete(roomId));
  }, [client, roomId, isOpen]);
}
