const { ChatProblem, createChatClient } = require('serverless-chat-client');
const react = require('serverless-chat-client/react');

const client = createChatClient({ url: 'http://127.0.0.1:1' });
client.signIn('ann', 'lantern-orbit-42').catch((problem) => {
  process.stdout.write(
    JSON.stringify({
      state: client.getSnapshot().state,
      isProblem: problem instanceof ChatProblem,
      code: problem.code,
      hooks: Object.keys(react),
    }),
  );
});
