/** The docs site: where it is built, its navigation and its search. It loads nothing from other hosts. */
import { defineConfig } from 'vitepress';
import { clientPages } from '../reference/client-pages.ts';
import { operatorPages } from '../operators/operator-pages.ts';
import { httpTags } from '../reference/openapi.ts';

export default defineConfig({
  title: 'Serverless Chat',
  description:
    'A real-time chat backend in your own AWS account, and its client for browsers, React and Node.js',
  lang: 'en-US',
  // As the local runtime serves it. Another host: `npm run docs -- --base /`.
  base: '/docs/',
  outDir: '../build/site',
  cacheDir: '../build/site-cache',
  // Text such as `<access>` is text. The pages have no HTML of their own.
  markdown: { html: false, linkify: false },
  // Addresses of the local runtime; all other links must lead somewhere.
  ignoreDeadLinks: 'localhostLinks',
  vite: { logLevel: 'warn', build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Quickstart', link: '/quickstart' },
      { text: 'Guides', link: '/guides/authentication' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Operators', link: '/operators/operations' },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'What it is', link: '/overview' },
          { text: 'Quickstart', link: '/quickstart' },
        ],
      },
      {
        text: 'Guides',
        items: [
          { text: 'Authentication', link: '/guides/authentication' },
          { text: 'Rooms', link: '/guides/rooms' },
          { text: 'Messages', link: '/guides/messages' },
          { text: 'Files', link: '/guides/files' },
          { text: 'Search', link: '/guides/search' },
          { text: 'Presence and typing', link: '/guides/presence-and-typing' },
          { text: 'Offline and many tabs', link: '/guides/offline' },
          { text: 'Errors and limits', link: '/guides/errors-and-limits' },
          { text: 'Testing against faults', link: '/guides/testing' },
          { text: 'Deploying', link: '/guides/deploying' },
        ],
      },
      {
        text: 'Recipes',
        items: [
          { text: 'Your own user base', link: '/recipes/own-users' },
          { text: 'Moderation', link: '/recipes/moderation' },
          { text: 'A bot in Node.js', link: '/recipes/bot' },
          { text: 'A Python client', link: '/recipes/python' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Overview', link: '/reference/' },
          {
            text: 'Client',
            collapsed: true,
            items: clientPages().map(({ title, page }) => ({
              text: title,
              link: `/reference/client/${page}`,
            })),
          },
          {
            text: 'HTTP',
            collapsed: true,
            items: httpTags().map(({ name, page }) => ({ text: name, link: `/reference/http/${page}` })),
          },
          {
            text: 'WebSocket',
            collapsed: true,
            items: [
              { text: 'Commands', link: '/reference/websocket/commands' },
              { text: 'Events', link: '/reference/websocket/events' },
            ],
          },
        ],
      },
      {
        text: 'Operators',
        collapsed: true,
        items: operatorPages().map(({ title, page }) => ({ text: title, link: `/operators/${page}` })),
      },
    ],
  },
});
