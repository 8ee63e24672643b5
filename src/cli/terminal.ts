import { styleText } from 'node:util';

/** A stream to write text to: standard output or error, or what a test collects. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Where a command line writes to, and the variables it looks at. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Whether a stream shows lines that are drawn over, as progress bars do. */
export function isInteractive(stream: OutputStream, environment: Terminal['environment']): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

type Colour = Parameters<typeof styleText>[0];
export type Paint = (colour: Colour, text: string) => string;

/** A painter for a stream; it leaves text as it is in pipes, with NO_COLOR and with TERM=dumb. */
export function paintFor(stream: OutputStream, environment: Terminal['environment']): Paint {
  const isPlain = !isInteractive(stream, environment) || (environment['NO_COLOR'] ?? '') !== '';
  return (colour, text) => (isPlain ? text : styleText(colour, text, { validateStream: false }));
}
