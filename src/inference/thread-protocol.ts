import type { ErrorCode } from '../base/errors.js';

/** What the control thread asks of an inference thread. */
export interface ThreadRequest<Request> {
  readonly id: number;
  readonly request: Request;
}

/** What an inference thread tells. `ready` or `failed` without an id comes first, and once. */
export type ThreadFact<Response> =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly response: Response }
  | { readonly type: 'failed'; readonly id?: number; readonly code: ErrorCode; readonly message: string };
