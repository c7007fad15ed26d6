/** The text with which a local run introduces itself: its addresses, and how to try it by hand. */

import { defaultUrl } from './command-line.ts';
import { samplePassword, sampleUsers } from './sample-data.ts';

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
  const at = url === defaultUrl ? '' : ` --url ${url}`;
  const users = sampleData === undefined ? ['NAME'] : sampleUsers;
  const password = sampleData === undefined ? '' : ` --password ${samplePassword}`;
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
    'Chat in other terminals:',
    ...users.map((user) => `  npm run chat -- --user ${user}${password}${at}`),
    '',
    'Press Ctrl-C to stop.',
  ].join('\n');
}
