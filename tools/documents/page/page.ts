/** Makes the WebSocket documentation: one HTML page without scripts or external files. */
import { collectSchemas } from '../schema-collection.ts';
import { connectingSection } from './connecting.ts';
import { conversationSection } from './conversation.ts';
import { commandsSection, eventsSection } from './frames.ts';
import { Html, markup } from './html.ts';
import { codesSection, continuitySection, limitsSection, typesSection } from './rules.ts';
import { style } from './style.ts';

const sections = {
  connect: 'Connecting',
  conversation: 'An example conversation',
  commands: 'Commands',
  events: 'Events',
  codes: 'Error and close codes',
  continuity: 'Staying up to date',
  limits: 'Limits',
  types: 'Types',
} as const;

/** Returns the page. `version` is the version of the API. */
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
    // The last section, since the others collect the types that it describes.
    typesSection(schemas.components()),
  ];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          name="description"
          content="The WebSocket API of the chat backend: connections, commands, events and codes."
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
            Send and receive messages in real time, see who is present and who is typing, and receive all missed
            messages after a connection was lost.
          </p>
          <p>
            Accounts, rooms and members are managed with the <a href="/swagger/">HTTP API</a>. This page is also
            available in a machine-readable form: <a href="/asyncapi.yaml">asyncapi.yaml</a>.
          </p>
          ${body.map((section) => markup`${section} `)}
          <footer>Version ${version}</footer>
        </main>
      </body>
    </html> `.text;
}
