/** Requests one after another, where answering one may take the host a while: others wait for their turn. */
type Result<Value> = Value | Promise<Value>;

export type Turns = {
  /** At once, and answered at once, when nothing is waited for. */
  take<Value>(work: () => Result<Value>): Result<Value>;
  readonly busy: () => boolean;
  /** Resolves when nothing is waited for any more. */
  over(): Promise<void>;
};

export function openTurns(): Turns {
  let last: Promise<unknown> | null = null;
  const hold = <Value>(promise: Promise<Value>): Promise<Value> => {
    last = promise;
    const done = (): void => {
      if (last === promise) last = null;
    };
    promise.then(done, done);
    return promise;
  };
  return {
    take(work) {
      if (last) return hold(last.then(work, work));
      const result = work();
      return result instanceof Promise ? hold(result) : result;
    },
    busy: () => last !== null,
    async over() {
      while (last) await last.catch(() => undefined);
    },
  };
}

/** What is made of a value that may have to be waited for. */
export function onceHad<From, To>(value: Result<From>, make: (from: From) => To): Result<To> {
  return value instanceof Promise ? value.then(make) : make(value);
}
