/** The members of a room. The owner of a private room adds and removes them. */
import { useCallback } from 'react';
import type { ChatClient, Member, RoomDetails } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';
import { Avatar } from '../avatar.tsx';
import { MoreButton } from '../more-button.tsx';
import { useRememberPictures } from '../pictures.ts';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { useAction } from '../use-action.ts';
import { usePages } from '../use-pages.ts';
import { AddMember } from './add-member.tsx';

export function Members({ room, isOwner }: { room: RoomDetails; isOwner: boolean }) {
  const { room_id: roomId, is_private: isPrivate, is_direct: isDirect } = room;
  const chat = useChat();
  const list = useCallback((client: ChatClient) => client.http.listMembers({ room_id: roomId }), [roomId]);
  const pages = usePages(list);
  useRememberPictures(pages.items);
  const { run, isRunning, problem } = useAction();
  const mayChange = isOwner && isPrivate && !isDirect;

  function remove({ id, username }: Member): void {
    // oxlint-disable-next-line no-alert -- The browser's own question needs no code, and every assistive technology knows it.
    if (!confirm(strings.confirmRemove(username))) return;
    void run(async () => {
      await chat.client.http.removeMember({ room_id: roomId, user_id: id });
      pages.reload();
    });
  }

  return (
    <section>
      <h3>{strings.members}</h3>
      {mayChange && <AddMember roomId={roomId} members={pages.items} onAdded={pages.reload} />}
      <ul className="list" aria-label={strings.members}>
        {sorted(pages.items).map((member) => (
          <li key={member.id}>
            <Avatar id={member.id} name={member.username} />
            <span>
              {member.username}
              {member.role === 'owner' && <small>{strings.owner}</small>}
            </span>
            {mayChange && member.role !== 'owner' && (
              <button
                type="button"
                className="link"
                disabled={isRunning}
                aria-label={strings.removeMember(member.username)}
                onClick={() => remove(member)}
              >
                {strings.remove}
              </button>
            )}
          </li>
        ))}
      </ul>
      <MoreButton {...pages} />
      <Problem text={pages.problem ?? problem} />
    </section>
  );
}

/** The owner comes first, and then the others by name. */
function sorted(members: readonly Member[]): Member[] {
  return members.toSorted((a, b) => rank(a) - rank(b) || a.username.localeCompare(b.username));
}

function rank({ role }: Member): number {
  return role === 'owner' ? 0 : 1;
}
