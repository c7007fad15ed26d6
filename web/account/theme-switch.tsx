/** Lets the user choose light or dark colors. */
import { useState } from 'react';
import { readTheme, storeTheme, themes } from '../shell/theme.ts';
import { strings } from '../strings.ts';

export function ThemeSwitch() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <fieldset>
      <legend>{strings.theme}</legend>
      <div className="row">
        {themes.map((one) => (
          <label key={one} className="choice">
            <input
              type="radio"
              name="theme"
              checked={one === theme}
              onChange={() => {
                setTheme(one);
                storeTheme(one);
              }}
            />
            {strings.themes[one]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
