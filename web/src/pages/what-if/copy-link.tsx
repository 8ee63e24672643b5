import { Button } from '@mantine/core';
import { useState } from 'react';
import { stringifySearch } from '../../search.ts';
import { type WhatIfAddress, writeAddress } from './what-if-address.ts';

const SAID_MS = 2_000;

/** Takes the address with all that was typed; browsers that do not let a page do so say it. */
export function CopyLink({ address }: { readonly address: WhatIfAddress }) {
  const [said, setSaid] = useState<string>();
  const say = (text: string): void => {
    setSaid(text);
    setTimeout(() => {
      setSaid(undefined);
    }, SAID_MS);
  };
  const copy = async (): Promise<void> => {
    const { origin, pathname } = window.location;
    try {
      await navigator.clipboard.writeText(`${origin}${pathname}${stringifySearch(writeAddress(address))}`);
      say('Copied');
    } catch {
      say('Copy the address above');
    }
  };
  return (
    <Button size="xs" variant="default" flex="none" onClick={() => void copy()} aria-live="polite">
      {said ?? 'Copy link'}
    </Button>
  );
}
