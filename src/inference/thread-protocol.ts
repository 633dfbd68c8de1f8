import type { ErrorCode } from '../base/errors.js';

/** The workerData of every inference thread. */
export interface ThreadData<Data> {
  readonly gate: SharedArrayBuffer;
  readonly data: Data;
}

/** What the control thread asks of an inference thread. */
export type ThreadOrder<Request> =
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  /** Answer what was asked, then end. */
  | { readonly type: 'close' };

/** What an inference thread tells. `ready` or `failed` without an id comes first, and once. */
export type ThreadFact<Response> =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly response: Response }
  | { readonly type: 'failed'; readonly id?: number; readonly code: ErrorCode; readonly message: string };
