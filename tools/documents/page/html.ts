/** Templates for HTML. They escape all values that are not HTML already. */

/** Text that is already HTML. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export type Insertable = Html | string | number | false | undefined | readonly Insertable[];

function insert(value: Insertable): string {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(insert).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Template tag that escapes its values, leaves out `false` and `undefined`, and joins lists. */
export function markup(parts: TemplateStringsArray, ...values: Insertable[]): Html {
  return new Html(parts.map((part, index) => part + insert(values[index])).join(''));
}

/** Turns text with code in backticks into HTML. */
export function prose(text: string): Html {
  const pieces = text.split('`');
  return new Html(
    pieces
      .map((piece, index) => (index % 2 === 1 ? `<code>${insert(piece)}</code>` : insert(piece)))
      .join(''),
  );
}

function row(heads: readonly string[], cells: readonly Insertable[]): Html {
  const [first, ...others] = cells;
  return markup`<tr role="row">
    <th role="rowheader" scope="row">${first}</th>
    ${others.map((cell, index) => markup`<td role="cell" data-label="${heads[index + 1]}">${cell}</td>`)}
  </tr> `;
}

/**
 * Returns a table that can be scrolled sideways, with the keyboard, too. Narrow screens show the table as blocks, which
 * removes the roles of its elements, so the roles are set explicitly.
 */
export function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly Insertable[])[],
): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map((head) => markup`<th role="columnheader" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((cells) => row(heads, cells))}
      </tbody>
    </table>
  </div>`;
}
