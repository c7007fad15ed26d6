/** Makes docs/settings.md from the rows of the settings. */
import { stageNames, type Setting } from '../shared/settings/setting.ts';
import { settingRows } from '../shared/settings/settings.ts';
import { stackValueRows } from '../shared/settings/stack-values.ts';
import { markdownTable } from './markdown-table.ts';

const introduction = `# Settings

Generated from \`shared/settings\` by \`npm run documents\`; edit the rows there.

An operator keeps the settings of a deployment stage in \`settings/<stage>.json\`, by the names of their variables. The
project has no such file, so merging a new version never changes one; commit it to your fork, so that every deployment
uses it:

\`\`\`json
{
  "ALLOWED_ORIGINS": ["https://chat.example"],
  "ALARM_EMAIL": "ops@chat.example",
  "LOG_RETENTION_DAYS": 30
}
\`\`\`

An environment variable replaces the value of the file when the stack is synthesized or deployed. The local runtime reads
only environment variables:

\`\`\`sh
LOG_RETENTION_DAYS=7 npm run deploy -- --stage prod
HEARTBEAT_SECONDS=30 npm start
\`\`\`

An empty variable counts as absent. A value that is not accepted stops the synthesis with an error that names every such
variable, its value and what is accepted. A stage whose required settings are missing is not synthesized either, so that a
deployment from another machine cannot drop them; \`WAIVED_SETTINGS\` names those that it is deployed without on purpose.

The settings reach the functions as environment variables, so changing one is a deployment: it takes a minute or two and
closes no socket. To change a default permanently, edit its row.

The stage \`local\` is what \`npm start\` runs. It has the limits of \`dev\`, so that a client meets them on a developer's
machine first.
`;

/** Returns the page as Prettier formats it. */
export function settingsPage(): string {
  const topics = new Set(settingRows.map(([, { topic }]) => topic));
  const sections = [...topics].map((topic) => {
    const rows = settingRows.filter(([, row]) => row.topic === topic);
    const header = ['variable', ...stageNames, 'unit', 'accepts', 'description', 'read by'];
    return `## ${topic}\n\n${markdownTable(
      header,
      rows.map(([, row]) => cellsOf(row)),
    )}`;
  });
  const stackRows = stackValueRows.map(([, { variable, readBy }]) => [code(variable), readBy.join(', ')]);
  return [
    introduction,
    ...sections,
    `## Values of the stack\n\nThe stack passes these to its functions; they are not for an operator to set.\n\n${markdownTable(['variable', 'read by'], stackRows)}`,
  ].join('\n');
}

function cellsOf(row: Setting): string[] {
  const { variable, defaults, unit = '', parser, description, readBy, requiredIn = [] } = row;
  const required = requiredIn.map(code).join(' and ');
  return [
    code(variable),
    ...stageNames.map((stage) => code(String(defaults[stage] ?? ''))),
    unit,
    parser.accepts,
    required === '' ? description : `${description} Required in ${required}.`,
    readBy.join(', ') || 'the stack',
  ];
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
