import { CloseButton } from '@mantine/core';
import { useState } from 'react';
import classes from './shell.module.css';

const DISMISSED = 'holdfast-open-banner';

/** Says that there are no keys, until it is put away; a new session of the browser says it again. */
export function OpenBanner() {
  const [isDismissed, setDismissed] = useState(() => remembered());
  if (isDismissed) return null;
  return (
    <div className={classes['banner']} role="note">
      <span>
        Open to everybody on this machine: there are no keys. Make one with <code>holdfast keys create</code>.
      </span>
      <CloseButton
        size="sm"
        aria-label="Put this note away"
        onClick={() => {
          remember();
          setDismissed(true);
        }}
      />
    </div>
  );
}

/** A browser may forbid a page to keep anything. */
function remembered(): boolean {
  try {
    return sessionStorage.getItem(DISMISSED) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    sessionStorage.setItem(DISMISSED, 'yes');
  } catch {
    // Then it is said again after a reload.
  }
}
