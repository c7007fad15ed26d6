/** The left side: the user's rooms, the public rooms, and people to write to. */
import { useState } from 'react';
import { useChat, type Rooms } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { onDemand } from '../on-demand.tsx';
import { hashOf } from '../shell/route.ts';
import { StorageNotice } from '../shell/storage-notice.tsx';
import { strings } from '../strings.ts';
import { MyRooms } from './my-rooms.tsx';

const PublicRooms = onDemand(async () => (await import('../later.ts')).PublicRooms);
const FindPeople = onDemand(async () => (await import('../later.ts')).FindPeople);

const tabs = ['mine', 'public', 'people'] as const;

export function Sidebar({ list, activeRoomId }: { list: Rooms; activeRoomId: string | undefined }) {
  const { user } = useChat();
  const [tab, setTab] = useState<(typeof tabs)[number]>('mine');
  const opened = (): void => setTab('mine');
  return (
    <nav className="sidebar" aria-label={strings.rooms}>
      <header className="bar">
        <b>{strings.title}</b>
        <a
          className="me"
          href={hashOf({ view: 'account' })}
          aria-label={strings.account(user?.username ?? '')}
        >
          <Avatar id={user?.id ?? ''} name={user?.username ?? ''} />
        </a>
      </header>
      <div className="tabs">
        {tabs.map((one) => (
          <button key={one} type="button" aria-pressed={one === tab} onClick={() => setTab(one)}>
            {strings[one]}
          </button>
        ))}
      </div>
      <div className="tab">
        {tab === 'mine' && <MyRooms list={list} activeRoomId={activeRoomId} />}
        {tab === 'public' && <PublicRooms activeRoomId={activeRoomId} onOpened={opened} />}
        {tab === 'people' && <FindPeople onOpened={opened} />}
      </div>
      <StorageNotice />
    </nav>
  );
}
