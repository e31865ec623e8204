/**
 * What a tree lets go wrong in one dispatch. `nth` counts calls of that command in the dispatch, from 1.
 */
export type Fault =
  /** The nth call of a hook command does nothing but fail. */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly nth: number;
      readonly code: number;
      readonly stderr: string;
    }
  /**
   * Pebble is gone from the container's nth request on: the connection closes without an answer; from the first
   * on there
   * is no socket.
   */
  | { readonly kind: 'pebble'; readonly container: string; readonly nth: number }
  /** The controller refuses what the hook buffered, in these words. */
  | { readonly kind: 'commit'; readonly message: string }
  /** Leadership is gone when the nth call of this command is answered. */
  | { readonly kind: 'leadership'; readonly command: string; readonly nth: number }
  /** The machine dies when the nth call of this command comes in: it is not answered, and the hook is run again. */
  | { readonly kind: 'death'; readonly command: string; readonly nth: number };
