/** The words to search for, and what narrows the search: the rooms, the sender, what messages have, and the time. */
import { useCallback, type FormEvent } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import type { SearchQuery } from 'serverless-chat-client/react';
import { formText } from '../form-text.ts';
import { strings } from '../strings.ts';
import { useLoaded } from '../use-loaded.ts';

interface SearchFormProps {
  roomId: string;
  isEverywhere: boolean;
  onEverywhere: (isEverywhere: boolean) => void;
  onSearch: (query: SearchQuery) => void;
}

const dayMs = 86_400_000;

/** Midnight where the user is, at the beginning of a day of the calendar or of the next one. */
const timeOf = (day: string, days: number): string =>
  new Date(new Date(`${day}T00:00`).getTime() + days * dayMs).toISOString();

function queryOf(form: HTMLFormElement): SearchQuery | undefined {
  const [q, from, has, since, until] = ['q', 'from', 'has', 'since', 'until'].map((name) =>
    formText(form, name).trim(),
  );
  if (!q && !from && !has) return undefined;
  return {
    ...(q && { q }),
    ...(from && { from_user: from }),
    ...(has && { has: has as NonNullable<SearchQuery['has']> }),
    ...(since && { after: timeOf(since, 0) }),
    ...(until && { before: timeOf(until, 1) }),
  };
}

export function SearchForm({ roomId, isEverywhere, onEverywhere, onSearch }: SearchFormProps) {
  const load = useCallback(
    (client: ChatClient) => client.http.listMembers({ room_id: roomId }).firstPage(),
    [roomId],
  );
  const { value: members = [] } = useLoaded(load);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const query = queryOf(event.currentTarget);
    if (query !== undefined) onSearch(query);
  }

  return (
    <search>
      <form className="stack" onSubmit={submit}>
        <div className="words">
          <input
            type="search"
            name="q"
            aria-label={strings.searchWords}
            placeholder={strings.searchWords}
            maxLength={200}
          />
          <button type="submit">{strings.search}</button>
        </div>
        <label className="choice">
          <input
            type="checkbox"
            checked={isEverywhere}
            onChange={(event) => onEverywhere(event.target.checked)}
          />
          {strings.searchEverywhere}
        </label>
        <details>
          <summary>{strings.searchFilters}</summary>
          <div className="filters">
            <label>
              {strings.searchFrom}
              <select name="from">
                <option value="">{strings.anyone}</option>
                {members.map(({ id, username }) => (
                  <option key={id} value={id}>
                    {username}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {strings.searchHas}
              <select name="has">
                <option value="">{strings.anything}</option>
                <option value="link">{strings.aLink}</option>
                <option value="image">{strings.anImage}</option>
                <option value="attachment">{strings.aFile}</option>
              </select>
            </label>
            <label>
              {strings.searchSince}
              <input type="date" name="since" />
            </label>
            <label>
              {strings.searchUntil}
              <input type="date" name="until" />
            </label>
          </div>
        </details>
      </form>
    </search>
  );
}
