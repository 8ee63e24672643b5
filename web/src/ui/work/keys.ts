import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

/** What a key does on a page, and what the list of keys says of it. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[];
  readonly says: string;
  readonly run: () => void;
}

const TEXTLESS = ['button', 'checkbox', 'radio', 'submit', 'reset', 'range', 'file', 'color', 'image'];
/** Keys that a control which has the focus uses itself. */
const OF_CONTROLS = ['Enter', ' ', 'ArrowUp', 'ArrowDown'];

/** Whether what has the focus takes letters. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !TEXTLESS.includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

function isOwnKey(event: KeyboardEvent): boolean {
  const { target, key } = event;
  return (
    OF_CONTROLS.includes(key) &&
    target instanceof HTMLElement &&
    target.closest('a, button, input, summary, [tabindex="0"][role="group"]') !== null
  );
}

/** Whether single keys do anything; whoever speaks to a computer can turn them off. */
export const useKeysSetting = (): [boolean, (isOn: boolean) => void] => {
  const [isOn, set] = useLocalStorage({
    key: 'holdfast-keys',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return [isOn, set];
};

/** Listens for keys while nobody types, no dialog is open, and no modifier is held. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const [isOn] = useKeysSetting();
  const current = useRef(bindings);
  useEffect(() => {
    current.current = bindings;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || isOwnKey(event) || document.querySelector('dialog[open]') !== null)
        return;
      const binding = current.current.find(({ keys }) => keys.includes(event.key));
      if (binding === undefined) return;
      event.preventDefault();
      binding.run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [isOn]);
}
