/** A client that tells a request that nobody took from one that was lost. */
import { type Agent, request } from 'node:http';

export type Exchange =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: string }
  /** Nobody listened: nothing was sent. */
  | { readonly outcome: 'refused' }
  /** It was sent, and no whole answer came. */
  | { readonly outcome: 'lost'; readonly why: string };

/** Sends JSON on a connection of the agent. Never rejects. */
export function postJson(agent: Agent, url: string, body: string): Promise<Exchange> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    sent.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      answer.on('end', () => {
        resolve({ outcome: 'answered', status: answer.statusCode ?? 0, body: text });
      });
      answer.on('error', ({ message }) => {
        resolve({ outcome: 'lost', why: message });
      });
    });
    sent.on('error', (error) => {
      const isRefused = 'code' in error && error.code === 'ECONNREFUSED';
      resolve(isRefused ? { outcome: 'refused' } : { outcome: 'lost', why: error.message });
    });
    sent.end(body);
  });
}
