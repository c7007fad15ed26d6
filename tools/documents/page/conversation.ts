/** The section that shows one conversation from the first frame to the last. */
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
  message: 'anybody here?',
  sender_id: bob.id,
  sender_username: bob.username,
  seq: 6,
  message_id: 'xaDX4hs0T2ipwWDo87LZRwAAAAY',
  timestamp: '2026-11-22T11:58:12.040Z',
  client_id: undefined,
};

export function conversationSection(): Html {
  return markup`<section id="conversation" aria-labelledby="conversation-title">
    <h2 id="conversation-title">A first conversation</h2>
    <p>
      Frames are JSON texts with a ${prose('`type`')}. Ann has opened ${prose('`/ws/chat/general/`')}, where
      Bob is already.
    </p>
    <ol class="conversation">
      ${frame('server', eventExamples.ready, 'The room is open.')}
      ${frame('server', eventExamples.room_users_list, 'Who is here.')}
      ${frame('server', earlier, 'The newest messages, oldest first; here there is one.')}
      ${frame('server', { ...eventExamples.history_end, first_seq: 6 }, 'The end of the history: `seq` 6 is the last.')}
      ${frame('client', commandExamples.message, 'A message, with a `client_id` of your own choice.')}
      ${frame('server', eventExamples.ack, 'It is stored. Bob gets it as `chat_message`, and so do your other sockets.')}
      ${frame('server', eventExamples.typing_indicator, 'Bob types.')}
      ${frame('client', commandExamples.read, 'You have seen everything up to here.')}
      ${frame('client', commandExamples.ping, 'Nothing happens for a while.')}
      ${frame('server', eventExamples.pong, 'You are up to date: 7 is the last `seq` you saw.')}
    </ol>
    <p>
      ${prose(
        'The shortest way to send is `{"message": "hello"}`. Without a `client_id`, though, you cannot safely repeat a message whose `ack` never came.',
      )}
    </p>
  </section>`;
}
