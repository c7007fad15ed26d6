/** Every text of the components, in English. Pass other texts as their `strings`. */
export interface ComponentStrings {
  messageList: string;
  loadOlder: string;
  loadingOlder: string;
  newMessages: string;
  jumpToUnread: (count: number) => string;
  jumpToNewest: (unread: number) => string;
  /** Read aloud when another user's message arrives. */
  announcement: (username: string, content: string) => string;
  messageField: string;
  messagePlaceholder: string;
  send: string;
  remaining: (characters: number) => string;
  roomList: string;
  unread: (count: number) => string;
  sending: string;
  failed: (detail: string) => string;
  retry: string;
  discard: string;
  edited: string;
}

export const englishStrings: ComponentStrings = {
  messageList: 'Messages',
  loadOlder: 'Load older messages',
  loadingOlder: 'Loading older messages',
  newMessages: 'New messages',
  jumpToUnread: (count) => `${count} unread: jump to the first`,
  jumpToNewest: (unread) => (unread > 0 ? `${unread} new: jump to the newest` : 'Jump to the newest'),
  announcement: (username, content) => `${username}: ${content}`,
  messageField: 'Message',
  messagePlaceholder: 'Write a message',
  send: 'Send',
  remaining: (characters) =>
    characters < 0 ? `${-characters} characters too many` : `${characters} characters left`,
  roomList: 'Rooms',
  unread: (count) => `${count} unread`,
  sending: 'Sending',
  failed: (detail) => `Not sent: ${detail}`,
  retry: 'Try again',
  discard: 'Discard',
  edited: 'edited',
};
