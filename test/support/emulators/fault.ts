/** How an emulated service can be told to fail, from the next connection or reply on. */
export type Fault =
  /** No connection is accepted. */
  | { readonly type: 'refuse' }
  /** Requests and handshakes are answered with an HTTP status. */
  | { readonly type: 'status'; readonly status: number; readonly retryAfterS?: number }
  /** Requests are answered with an HTTP status, and a body that does not end. */
  | { readonly type: 'endless'; readonly status: number }
  /** Requests are sent on to the same path of another host, body and all. */
  | { readonly type: 'redirect'; readonly to: string }
  /** Connections are accepted, and never answered. */
  | { readonly type: 'hang' }
  /** The connection is lost when so much of a reply was sent. */
  | { readonly type: 'close-in-reply'; readonly afterMs: number }
  /** A reply stops there, and the connection stays. */
  | { readonly type: 'stall-in-reply'; readonly afterMs: number }
  /** A minute of audio at once, for every reply. */
  | { readonly type: 'flood' }
  /** Audio at a twentieth of its pace. */
  | { readonly type: 'drip' }
  /** A message that is no JSON, in the middle of a reply. */
  | { readonly type: 'garbage-json' }
  /** Audio that is no base64, where the service sends base64. */
  | { readonly type: 'garbage-base64' }
  /** A reply that was cancelled goes on all the same. */
  | { readonly type: 'ignore-cancel' };

export type FaultType = Fault['type'];
