/** A key that JavaScript moves to the front of an object, whatever order it was added in. */
export function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

const known = new WeakMap<object, readonly string[]>();

/** The keys of an object that never changes, in order; of one that was made by setting values only, the same list. */
export function keysOf(object: object): readonly string[] {
  let keys = known.get(object);
  if (keys === undefined) {
    keys = Object.keys(object);
    known.set(object, keys);
  }
  return keys;
}

/** What an object was made of, by setting values of its keys. Held weakly: nobody else may need the old one. */
const made = new WeakMap<object, { from: WeakRef<object>; keys: readonly string[] }>();

/** The keys whose values are others than in `from`, when the object was made of that by setting values only. */
export function keysSetSince(object: object, from: object): readonly string[] | undefined {
  const known = made.get(object);
  return known?.from.deref() === from ? known.keys : undefined;
}

/**
 * An object that is being edited: its keys keep the order that the object made of it will have. Reading and setting
 * keys costs nothing but what is touched; `toObject` is linear.
 */
export class Fields<Value> {
  readonly #base: { readonly [key: string]: Value };
  readonly #set = new Map<string, Value>();
  #removed: Set<string> | undefined;
  /** Made when a key is added, removed or moved. */
  #keys: string[] | undefined;
  #made: { readonly [key: string]: Value } | undefined;

  constructor(base: { readonly [key: string]: Value }) {
    this.#base = base;
    this.#made = base;
  }

  get(key: string): Value | undefined {
    if (this.#set.has(key)) return this.#set.get(key);
    if (this.#removed?.has(key)) return undefined;
    return Object.hasOwn(this.#base, key) ? this.#base[key] : undefined;
  }

  has(key: string): boolean {
    return this.#set.has(key) || (Object.hasOwn(this.#base, key) && !this.#removed?.has(key));
  }

  keys(): readonly string[] {
    this.#keys ??= [...keysOf(this.#base)];
    return this.#keys;
  }

  /** The key behind one that is there; undefined for the last. */
  after(key: string): string | undefined {
    const keys = this.keys();
    return keys[keys.indexOf(key) + 1];
  }

  /** Sets the value of a key; one that is new goes before `before`, or to the end. */
  set(key: string, value: Value, before?: string): void {
    if (!this.has(key)) this.#insert(key, before);
    else if (this.get(key) === value) return;
    this.#set.set(key, value);
    this.#made = undefined;
  }

  remove(key: string): void {
    if (!this.has(key)) return;
    this.#take(key);
    this.#set.delete(key);
    this.#removed ??= new Set();
    this.#removed.add(key);
    this.#made = undefined;
  }

  /** Moves a key before another, or to the end. */
  move(key: string, before?: string): void {
    this.#take(key);
    this.#insert(key, before);
    this.#made = undefined;
  }

  /** Gives a key another name in the same place, as far as JavaScript allows. */
  rename(from: string, to: string): void {
    const value = this.get(from) as Value;
    const next = this.after(from);
    this.remove(from);
    this.set(to, value, next);
  }

  /** The same object as before when nothing changed. */
  toObject(): { readonly [key: string]: Value } {
    this.#made ??= this.#make();
    return this.#made;
  }

  #make(): { readonly [key: string]: Value } {
    const keys = this.#keys ?? keysOf(this.#base);
    // Without a prototype first: filling it is faster, and `__proto__` is a key like any other.
    const copy: { [key: string]: Value } = Object.create(null);
    for (const key of keys) copy[key] = (this.#set.has(key) ? this.#set.get(key) : this.#base[key]) as Value;
    Object.setPrototypeOf(copy, Object.prototype);
    if (this.#keys === undefined) {
      known.set(copy, keys);
      made.set(copy, { from: new WeakRef(this.#base), keys: [...this.#set.keys()] });
    }
    return copy;
  }

  #take(key: string): void {
    const keys = this.keys() as string[];
    keys.splice(keys.indexOf(key), 1);
  }

  #insert(key: string, before: string | undefined): void {
    const keys = this.keys() as string[];
    const wanted = before === undefined ? -1 : keys.indexOf(before);
    let at = wanted < 0 ? keys.length : wanted;
    // As the object will have it: whole numbers first, in their order.
    if (isIndex(key)) {
      at = 0;
      while (at < keys.length && isIndex(keys[at]!) && Number(keys[at]) < Number(key)) at++;
    } else while (at < keys.length && isIndex(keys[at]!)) at++;
    keys.splice(at, 0, key);
  }
}
