/** The WebSocket documentation as one page of HTML: nothing to load, nothing to run. */
import { collectSchemas } from '../schema-collection.ts';
import { connectingSection } from './connecting.ts';
import { conversationSection } from './conversation.ts';
import { commandsSection, eventsSection } from './frames.ts';
import { Html, markup } from './html.ts';
import { codesSection, continuitySection, limitsSection, typesSection } from './rules.ts';
import { style } from './style.ts';

const sections = {
  connect: 'Connecting',
  conversation: 'A first conversation',
  commands: 'Commands',
  events: 'Events',
  codes: 'Error and close codes',
  continuity: 'Staying up to date',
  limits: 'Limits',
  types: 'Types',
} as const;

/** The whole page; `version` is that of the API. */
export function websocketPage(version: string): string {
  const schemas = collectSchemas();
  const body = [
    connectingSection(schemas),
    conversationSection(),
    commandsSection(schemas),
    eventsSection(schemas),
    codesSection(),
    continuitySection(),
    limitsSection(),
    // Last, since only now it is known which types the sections above refer to.
    typesSection(schemas.components()),
  ];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          name="description"
          content="How to talk to the chat over a WebSocket: connecting, commands, events, codes."
        />
        <title>Serverless chat: WebSocket</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <nav aria-label="Sections">
          <p>Serverless chat</p>
          <ul>
            ${Object.entries(sections).map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}
          </ul>
        </nav>
        <main id="main">
          <h1>WebSocket API</h1>
          <p class="lead">
            Send and receive messages as they happen, see who is here and who types, and miss nothing when the
            line drops.
          </p>
          <p>
            Everything else – accounts, rooms, members, older messages – is in the
            <a href="/swagger/">HTTP API</a>. The same as a file for tools:
            <a href="/asyncapi.yaml">asyncapi.yaml</a>.
          </p>
          ${body.map((section) => markup`${section} `)}
          <footer>Version ${version}</footer>
        </main>
      </body>
    </html> `.text;
}
