import { Dialog } from './dialog.tsx';
import classes from './dialog.module.css';
import { type KeyBinding, useKeysSetting } from './keys.ts';

const SPOKEN: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '↵' };

/** How a key is written. */
export const keyName = (key: string): string => SPOKEN[key] ?? key;

/** All keys of a page. */
export function HelpDialog({
  bindings,
  onClose,
}: {
  readonly bindings: readonly KeyBinding[];
  readonly onClose: () => void;
}) {
  const [isOn, setIsOn] = useKeysSetting();
  return (
    <Dialog title="Keys of this page" onClose={onClose}>
      <dl className={classes['keys']}>
        {bindings.map(({ keys, says }) => (
          <div key={says} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key, index) => (
                <span key={key}>
                  {index === 0 ? '' : ' or '}
                  <kbd className={classes['key']}>{keyName(key)}</kbd>
                </span>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <p>In a dialog a letter chooses, Enter records, and Escape closes.</p>
      <label className={classes['choice']}>
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setIsOn(event.currentTarget.checked);
          }}
        />
        Use single keys on this device
      </label>
    </Dialog>
  );
}
