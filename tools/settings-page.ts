/** Makes docs/settings.md from the rows of the settings. */
import { stageNames, type Setting } from '../shared/settings/setting.ts';
import { settingRows } from '../shared/settings/settings.ts';
import { stackValueRows } from '../shared/settings/stack-values.ts';
import { markdownTable } from './markdown-table.ts';

const introduction = `# Settings

Generated from \`shared/settings\` by \`npm run documents\`; edit the rows there.

An operator may change each setting for a deployment by setting its environment variable when the stack is synthesized or
deployed, or when the local runtime starts:

\`\`\`sh
ALLOWED_ORIGINS=https://chat.example npm run deploy -- -c stage=prod
HEARTBEAT_SECONDS=30 npm start
\`\`\`

An empty variable counts as absent. A value that is not accepted stops the synthesis with an error that names every such
variable, its value and what is accepted. The settings reach the functions as environment variables, so changing one is a
deployment: it takes a minute or two and closes no socket. To change a default permanently, edit its row.

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

function cellsOf({ variable, defaults, unit = '', parser, description, readBy }: Setting): string[] {
  return [
    code(variable),
    ...stageNames.map((stage) => code(String(defaults[stage] ?? ''))),
    unit,
    parser.accepts,
    description,
    readBy.join(', ') || 'the stack',
  ];
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
