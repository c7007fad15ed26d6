/** The documents of docs/ as pages of the site: what operators and contributors read in the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface OperatorPage {
  title: string;
  page: string;
  content: string;
}

const folder = fileURLToPath(new URL('../../docs/', import.meta.url));

/** Links between documents lead to their pages; what is in the repository alone is named without a link. */
function withPageLinks(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\((?!https?:|#)([^)\s]+)\)/g, (_, label: string, target: string) => {
    const [, page, anchor = ''] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(target) ?? [];
    return page === undefined ? label : `[${label}](./${page}${anchor})`;
  });
}

/** Returns the pages, the ones that are read first at the beginning. */
export function operatorPages(): OperatorPage[] {
  const first = ['operations', 'settings', 'runbook', 'cost', 'guarantees', 'security'];
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace('.md', ''));
  const ordered = [...first, ...pages.filter((page) => !first.includes(page))];
  return ordered.map((page) => {
    const text = readFileSync(`${folder}${page}.md`, 'utf8');
    const [, title = page] = /^# (.*)$/m.exec(text) ?? [];
    return { title: title.replaceAll('`', ''), page, content: withPageLinks(text) };
  });
}
