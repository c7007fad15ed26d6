/** The line that says who is typing. */
import type { Room } from 'serverless-chat-client';
import { useTyping } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';

export function TypingLine({ room }: { room: Room | undefined }) {
  const { typing } = useTyping(room);
  const names = typing.map(({ username }) => username);
  return <output className="typing">{names.length > 0 && strings.typing(names)}</output>;
}
