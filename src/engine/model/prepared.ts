/**
 * A charm made ready on disk: the folder that is its charm directory, as a pack would lay it out, and its Python.
 * Paths here are the host's; none of them reaches a record.
 */

/** `packages` appears at `<charm>/venv`, flat, on PYTHONPATH as charmcraft's dispatch puts it. */
export type PreparedPython = {
  /** The interpreter to run, and the installation it belongs to (`sys.base_prefix`). */
  readonly executable: string;
  readonly basePrefix: string;
  readonly packages: string;
  /** Hash of what is installed and of the interpreter's version. */
  readonly lock: string;
  /** For people: `Python 3.11, ops 3.9.0, from requirements.txt`. */
  readonly description: string;
};
export type PreparedCharm = {
  /** Read-only: charm files, metadata.yaml, config.yaml, actions.yaml and, where charmcraft makes one, dispatch. */
  readonly folder: string;
  readonly digest: string;
  /** `main` is set when dispatch is charmcraft's own: then the charm can be forked from an interpreter that waits. */
  readonly main: string | null;
  readonly python: PreparedPython | null;
};
