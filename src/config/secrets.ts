/** Secrets, apart from the settings: what is shown, hashed or written of the settings can hold none of them. */
import { HoldfastError } from '../kernel/index.ts';
import { SECRETS } from './settings.ts';

/** What only the environment gives, or what stands in an address before its `@`. */
export interface Secrets {
  readonly mlflow: {
    readonly token: string | undefined;
    /** `user:password` of the server's address. */
    readonly credentials: string | undefined;
  };
  /** The whole address, with user and password where it has some. */
  readonly redis: { readonly url: string | undefined };
  readonly postgres: { readonly url: string | undefined };
}

/** Settings whose values may hold secrets, as they were set. */
interface Addresses {
  readonly mlflow: string | undefined;
  readonly redis: string | undefined;
  readonly postgres: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as not set. */
export function readSecrets(environment: Environment, { mlflow, redis, postgres }: Addresses): Secrets {
  const token = environment[SECRETS['mlflow.token'].variable];
  return {
    mlflow: {
      token: token === '' ? undefined : token,
      credentials: mlflow === undefined ? undefined : credentialsOf(mlflow),
    },
    redis: { url: redis },
    postgres: { url: postgres },
  };
}

/** Variables that give a secret, and so no setting. */
export const SECRET_VARIABLES: readonly string[] = Object.values(SECRETS).map(({ variable }) => variable);

/** HF102 for a secret in a file or a flag, where others would see it. */
export function secretInTheOpen(dotted: string, place: HoldfastError['place']): HoldfastError | undefined {
  const secret = Object.entries(SECRETS).find(([key]) => key === dotted)?.[1];
  if (secret === undefined) return undefined;
  return new HoldfastError('HF102', {
    message: `${dotted} is a secret and no setting`,
    hint: `give it by the environment variable ${secret.variable} alone`,
    ...(place === undefined ? {} : { place }),
  });
}

/** An address without user and password. */
export function withoutCredentials(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}

function credentialsOf(address: string): string | undefined {
  const { username, password } = new URL(address);
  if (username === '' && password === '') return undefined;
  return [username, password].map(decoded).join(':');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare percent sign stands for itself.
    return part;
  }
}
