import { reached } from "../fault-points.js";
import type { Bucket } from "../log/nats/bucket.js";
import { type Place, type PlaceStore, placeOf, placeText } from "./place.js";

/** A place larger than this is not kept: who takes the partition over reads more of the log. */
const MOST = 256 * 1024;

/** Places that every workflow of a log finds: who takes a partition over begins where its last owner was. */
export function sharedPlaces(bucket: Pick<Bucket, "get" | "put">, partitions: number): PlaceStore {
  const saved = new Map<number, string>();
  return {
    async load() {
      const places = new Map<number, Place>();
      for (let partition = 0; partition < partitions; partition++) {
        const place = placeOf((await bucket.get(`${partition}`))?.text ?? "");
        if (place !== undefined) places.set(partition, place);
      }
      return places;
    },
    async save(places) {
      for (const [partition, place] of places) {
        const text = placeText(place);
        if (saved.get(partition) === text || text.length > MOST) continue;
        await bucket.put(`${partition}`, text);
        reached("place written");
        saved.set(partition, text);
      }
    },
  };
}
