/** Asks for the permission to show notifications, which browsers grant only on a click. */
import { useState } from 'react';
import { strings } from '../strings.ts';

export function NotificationSwitch() {
  const isSupported = 'Notification' in window;
  const [permission, setPermission] = useState(isSupported ? Notification.permission : 'denied');
  return (
    <section>
      <h3>{strings.notifications}</h3>
      {permission === 'default' && (
        <button type="button" onClick={() => void Notification.requestPermission().then(setPermission)}>
          {strings.allowNotifications}
        </button>
      )}
      {permission === 'granted' && <p>{strings.notificationsOn}</p>}
      {permission === 'denied' && <p>{strings.notificationsBlocked}</p>}
    </section>
  );
}
