/** Things with paths, under the folders on their way; so deep at most. */

export type Nested<Item> = {
  readonly name: string;
  readonly path: string;
  /** Null for a folder that is only on the way. */
  readonly item: Item | null;
  readonly below: readonly Nested<Item>[];
};
/** Further down, a path is one line: folders in folders need room at the side. */
const DEEPEST = 8;

/** By name. Paths have no leading slash; no two are the same. */
export function nested<Item extends { readonly path: string }>(
  items: readonly Item[],
): readonly Nested<Item>[] {
  return nestedBelow(items, { at: '', depth: 0 });
}

type Place = { readonly at: string; readonly depth: number };

function nestedBelow<Item extends { readonly path: string }>(
  items: readonly Item[],
  { at, depth }: Place,
): readonly Nested<Item>[] {
  const byName = new Map<string, Item[]>();
  for (const item of items) {
    const rest = item.path.slice(at.length);
    const name = depth < DEEPEST ? (rest.split('/')[0] as string) : rest;
    const held = byName.get(name);
    if (held) held.push(item);
    else byName.set(name, [item]);
  }
  return [...byName.keys()].sort().map((name) => {
    const path = at + name;
    const held = byName.get(name) as Item[];
    const own = held.find((item) => item.path === path) ?? null;
    const others = held.filter((item) => item.path !== path);
    const below = nestedBelow(others, { at: `${path}/`, depth: depth + 1 });
    return { name, path, item: own, below };
  });
}
