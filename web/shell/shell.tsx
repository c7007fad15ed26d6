/** The page of a signed-in user: the rooms on the left, and one of them or the account on the right. */
import { useEffect } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import { useRooms } from 'serverless-chat-client/react';
import { Conversation } from '../conversation/conversation.tsx';
import { onDemand } from '../on-demand.tsx';
import { rememberPictures } from '../pictures.ts';
import { Sidebar } from '../rooms/sidebar.tsx';
import { strings } from '../strings.ts';
import { useLoaded } from '../use-loaded.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { useNotifications } from './notifications.ts';
import { useRoute } from './route.ts';

const Account = onDemand(async () => (await import('../later.ts')).Account);

const loadProfile = (client: ChatClient) => client.http.getProfile();

export function Shell() {
  const route = useRoute();
  const rooms = useRooms();
  useNotifications(rooms);
  const { value: profile } = useLoaded(loadProfile);
  useEffect(() => {
    const peers = rooms.rooms.flatMap(({ peer }) => peer ?? []);
    rememberPictures(profile === undefined ? peers : [profile, ...peers]);
  }, [profile, rooms.rooms]);
  const roomId = route.view === 'room' ? route.roomId : undefined;
  return (
    <div className="shell" data-view={route.view}>
      <ConnectionBanner />
      <Sidebar list={rooms} activeRoomId={roomId} />
      <main className="main">
        <h1 className="hidden">{strings.title}</h1>
        {route.view === 'account' && <Account />}
        {route.view === 'rooms' && (
          <div className="center">
            <h2>{strings.welcome}</h2>
            <p>{strings.chooseRoom}</p>
          </div>
        )}
        {roomId !== undefined && (
          <Conversation
            key={roomId}
            roomId={roomId}
            listed={rooms.rooms.find((room) => room.room_id === roomId)}
          />
        )}
      </main>
    </div>
  );
}
