import { ChatProblem, createChatClient } from 'serverless-chat-client';
import * as react from 'serverless-chat-client/react';

const client = createChatClient({ url: 'http://127.0.0.1:1' });
const problem = await client.signIn('ann', 'lantern-orbit-42').catch((error) => error);
process.stdout.write(
  JSON.stringify({
    state: client.getSnapshot().state,
    isProblem: problem instanceof ChatProblem,
    code: problem.code,
    hooks: Object.keys(react),
  }),
);
