/** Components whose code is a part of the page that is loaded with its first use. */
import { useEffect, useState, type ComponentType } from 'react';
import { Problem } from './problem.tsx';
import { strings } from './strings.ts';

/**
 * Returns a component that loads another one, and shows that. Until it is there, nothing is shown; when it cannot be loaded, a
 * sentence is: the network is gone, or a deployment has replaced the page.
 *
 * @example
 * const Account = onDemand(async () => (await import('../later.ts')).Account);
 */
export function onDemand<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return function OnDemand(props) {
    const [loaded, setLoaded] = useState<{ Part?: ComponentType<P>; isMissing?: boolean }>({});
    useEffect(() => {
      let isCurrent = true;
      load().then(
        (Part) => isCurrent && setLoaded({ Part }),
        () => isCurrent && setLoaded({ isMissing: true }),
      );
      return () => {
        isCurrent = false;
      };
    }, []);
    const { Part, isMissing } = loaded;
    if (isMissing === true) return <Problem text={strings.partMissing} />;
    return Part === undefined ? null : <Part {...props} />;
  };
}
