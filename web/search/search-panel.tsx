/** Searches the messages of a room, or of all rooms of the user, and shows what it found. */
import { useEffect, useRef, useState } from 'react';
import { useSearch, type SearchQuery } from 'serverless-chat-client/react';
import { Problem } from '../problem.tsx';
import { strings } from '../strings.ts';
import { Result } from './result.tsx';
import { SearchForm } from './search-form.tsx';

interface SearchPanelProps {
  roomId: string;
  onClose: () => void;
}

export function SearchPanel({ roomId, onClose }: SearchPanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isEverywhere, setEverywhere] = useState(false);
  const { results, status, searchedBackTo, problem, search, searchOn } = useSearch(
    isEverywhere ? undefined : roomId,
  );
  // Another scope is another search, which begins with what the form says.
  const query = useRef<SearchQuery>(undefined);
  useEffect(() => {
    if (query.current !== undefined) void search(query.current);
  }, [search]);
  // A modal dialog keeps the focus, ends with the Escape key, and gives the focus back.
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="search-title" onClose={onClose}>
      <header className="bar">
        <h2 id="search-title">{strings.searchMessages}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {strings.close}
        </button>
      </header>
      <div className="sections search">
        <SearchForm
          roomId={roomId}
          isEverywhere={isEverywhere}
          onEverywhere={setEverywhere}
          onSearch={(next) => {
            query.current = next;
            void search(next);
          }}
        />
        <Problem text={problem?.detail} />
        <ol className="results" aria-label={strings.searchResults} aria-busy={status === 'searching'}>
          {results.map((result) => (
            <Result
              key={result.message_id}
              result={result}
              isElsewhere={result.room_id !== roomId}
              onOpen={() => dialog.current?.close()}
            />
          ))}
        </ol>
        <output className="hint">
          {status === 'searching' && strings.searching}
          {status === 'done' && (results.length === 0 ? strings.noMessageFound : strings.searchedAll)}
          {(status === 'paused' || status === 'failed') &&
            searchedBackTo !== null &&
            strings.searchedBackTo(new Date(searchedBackTo).toLocaleString())}
        </output>
        {(status === 'paused' || status === 'failed') && (
          <button type="button" onClick={() => void searchOn()}>
            {status === 'failed' ? strings.retry : strings.searchOn}
          </button>
        )}
      </div>
    </dialog>
  );
}
