/** The text with which a local run introduces itself: its addresses, and how to try it by hand. */

import { samplePassword, sampleRoom, sampleUsers } from './sample-data.ts';

export interface BannerOptions {
  url: string;
  webSocketUrl: string;
  /** What was created to begin with; undefined without sample data. */
  sampleData: string | undefined;
  /** Whether the stage has the page. */
  hasPage: boolean;
}

/** Returns the banner, several lines without a line break at the end. */
export function banner({ url, webSocketUrl, sampleData, hasPage }: BannerOptions): string {
  const [username] = sampleUsers;
  const credentials = `{"username":"${username}","password":"${samplePassword}"}`;
  const json = `-H 'content-type: application/json'`;
  const post = (path: string, body: string, headers = json): string =>
    `curl ${url}${path} ${headers} -d '${body}'`;

  const register = ['Register a user:', post('/users/auth/register/', credentials)];
  const signIn = ['Sign in, and copy the value of "access":', post('/users/auth/login/', credentials)];
  const createRoom = [
    'Create a room:',
    post(
      '/chat/rooms/create/',
      `{"room_name":"${sampleRoom}"}`,
      `${json} -H 'authorization: Bearer <access>'`,
    ),
  ];
  const openRoom = [
    'Open the room, and send {"message":"Hello"}:',
    `npx wscat -c '${webSocketUrl}/ws/chat/${sampleRoom}/?token=<access>'`,
  ];
  const steps = sampleData !== undefined ? [signIn, openRoom] : [register, signIn, createRoom, openRoom];

  return [
    ...(hasPage ? [`Page            ${url}/`] : []),
    `HTTP API        ${url}/`,
    `WebSocket API   ${webSocketUrl}/ws/chat/{room}/`,
    `Documentation   ${url}/swagger/ and ${url}/chat/websocket-docs/`,
    `Guides          ${url}/docs/ (after npm run docs)`,
    '',
    sampleData === undefined
      ? 'npm start -- --sample creates users, rooms and messages of some weeks.'
      : `Sample data: ${sampleData}`,
    '',
    ...steps.flatMap(([title, command], index) => [`${index + 1}. ${title}`, `   ${command}`]),
    '',
    'Press Ctrl-C to stop.',
  ].join('\n');
}
