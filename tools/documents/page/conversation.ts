/** The section that shows an example conversation, frame by frame. */
import { bob, commandExamples, eventExamples } from '../examples.ts';
import { json } from './code.ts';
import { type Html, markup, prose } from './html.ts';

type Side = 'client' | 'server';

function frame(side: Side, value: unknown, note: string): Html {
  return markup`<li class="${side}">
    <p class="note">
      <span class="side">${side === 'client' ? 'You send' : 'The server sends'}</span> ${prose(note)}
    </p>
    <pre tabindex="0" role="region" aria-label="${note.replaceAll('`', '')}"><code>${json(value)}</code></pre>
  </li> `;
}

const earlier = {
  ...eventExamples.chat_message,
  message: 'Is anyone here?',
  sender_id: bob.id,
  sender_username: bob.username,
  seq: 6,
  message_id: 'xaDX4hs0T2ipwWDo87LZRwAAAAY',
  timestamp: '2026-11-22T11:58:12.040Z',
  client_id: undefined,
};

export function conversationSection(): Html {
  return markup`<section id="conversation" aria-labelledby="conversation-title">
    <h2 id="conversation-title">An example conversation</h2>
    <p>
      Each frame is a JSON object with a ${prose('`type`')}. In this example you are Ann and have opened
      ${prose('`/ws/chat/general/`')}, where Bob is present.
    </p>
    <ol class="conversation">
      ${frame('server', eventExamples.ready, 'The room is open.')}
      ${frame('server', eventExamples.room_users_list, 'The users who are present.')}
      ${frame('server', earlier, 'The newest messages, oldest first. This room has one.')}
      ${frame('server', { ...eventExamples.history_end, first_seq: 6 }, 'The history ends. The last `seq` of the room is 6.')}
      ${frame('client', commandExamples.message, 'A message, with a `client_id` of your choice.')}
      ${frame('server', eventExamples.ack, 'The message is stored. Bob and your other sockets receive it as `chat_message`.')}
      ${frame('server', eventExamples.typing_indicator, 'Bob is typing.')}
      ${frame('client', commandExamples.read, 'You have read the room up to this message.')}
      ${frame('client', commandExamples.ping, 'A `ping`, after some time without events.')}
      ${frame('server', eventExamples.pong, 'The last `seq` of the room is 7, which you have received. You are up to date.')}
    </ol>
    <p>
      ${prose(
        'The short form of a message is `{"message": "hello"}`. Without a `client_id`, however, a message whose `ack` you did not receive cannot be sent again without the risk of storing it twice.',
      )}
    </p>
  </section>`;
}
