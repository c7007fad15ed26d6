/** Starts the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme, readTheme } from './shell/theme.ts';

applyTheme(readTheme());

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id `root`');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
