import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('error', (error) => process.stderr.write(String(error)));
} else {
  const { createChatClient } = await import('serverless-chat-client/browser');
  const { state } = createChatClient({ url: 'https://chat.example' }).getSnapshot();
  process.stdout.write(JSON.stringify({ state }));
}
