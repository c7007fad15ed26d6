/** Owns the words with which a local run introduces itself. */

import { samplePassword, sampleRoom, sampleUsers } from './sample-data.ts';

export interface BannerOptions {
  url: string;
  webSocketUrl: string;
  hasSampleData: boolean;
}

/** Where everything is, and how to try it by hand. */
export function banner({ url, webSocketUrl, hasSampleData }: BannerOptions): string {
  const [username] = sampleUsers;
  const credentials = `{"username":"${username}","password":"${samplePassword}"}`;
  const json = `-H 'content-type: application/json'`;
  const lines = [
    `HTTP       ${url}/`,
    `WebSocket  ${webSocketUrl}/ws/chat/{room}/`,
    `Swagger    ${url}/swagger/`,
    '',
    ...(hasSampleData
      ? [`Sample users ${sampleUsers.join(' and ')}, password ${samplePassword}, room ${sampleRoom}`, '']
      : [`curl ${url}/users/auth/register/ ${json} -d '${credentials}'`]),
    `curl ${url}/users/auth/login/ ${json} -d '${credentials}'`,
    `npx wscat -c '${webSocketUrl}/ws/chat/${sampleRoom}/?token=<access>'`,
  ];
  return lines.join('\n');
}
