/** With more other values than this, a map is copied. */
const MOST = 64;

/**
 * A map in which some keys have other values. A large one is not copied for that: while somebody types, one value of
 * thousands is another with each letter.
 * @param others other values of keys that are in the map
 */
export function patched<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  others: ReadonlyMap<Key, Value>,
): ReadonlyMap<Key, Value> {
  if (others.size === 0) return map;
  const layered = map instanceof Patched ? (map as Patched<Key, Value>) : new Patched(map, new Map());
  const all = new Map([...layered.others, ...others]);
  return all.size > MOST ? new Map([...layered.base, ...all]) : new Patched(layered.base, all);
}

class Patched<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly base: ReadonlyMap<Key, Value>;
  readonly others: ReadonlyMap<Key, Value>;

  constructor(base: ReadonlyMap<Key, Value>, others: ReadonlyMap<Key, Value>) {
    this.base = base;
    this.others = others;
  }

  get size(): number {
    return this.base.size;
  }

  get(key: Key): Value | undefined {
    return this.others.has(key) ? this.others.get(key) : this.base.get(key);
  }

  has(key: Key): boolean {
    return this.base.has(key);
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  keys(): MapIterator<Key> {
    return this.base.keys();
  }

  *values(): MapIterator<Value> {
    for (const key of this.base.keys()) yield this.get(key) as Value;
  }

  *entries(): MapIterator<[Key, Value]> {
    for (const key of this.base.keys()) yield [key, this.get(key) as Value];
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }
}
