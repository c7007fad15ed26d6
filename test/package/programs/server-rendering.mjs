import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import {
  ChatProvider,
  useConnectionState,
  useMessages,
  useRoom,
  useRooms,
} from 'serverless-chat-client/react';

delete globalThis.WebSocket;

function Conversation() {
  const { room, status } = useRoom('general');
  const { messages } = useMessages(room);
  const { state } = useConnectionState();
  const { rooms } = useRooms();
  return createElement('p', null, [status, messages.length, state, rooms.length].join(' '));
}

const page = createElement(ChatProvider, { url: 'https://chat.example' }, createElement(Conversation));
process.stdout.write(JSON.stringify({ hasWindow: 'window' in globalThis, html: renderToString(page) }));
