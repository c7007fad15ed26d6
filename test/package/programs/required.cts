import chat = require('serverless-chat-client');
import react = require('serverless-chat-client/react');

const client: chat.ChatClient = chat.createChatClient({ url: 'https://chat.example' });
export const providerProps: react.ChatProviderProps = { client };
export const isExpected = (problem: chat.ChatProblem): boolean => problem.code === 'not_found';
