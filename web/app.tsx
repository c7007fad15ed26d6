/** The page as a whole. */
import { strings } from './strings.ts';

export function App() {
  return (
    <main>
      <h1>{strings.title}</h1>
    </main>
  );
}
