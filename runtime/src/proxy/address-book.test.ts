import { describe, expect, it } from "vitest";
import { AddressBook, Bucket } from "./address-book.js";

const limits = {
  framesPerSocket: 5,
  framesPerAddress: 5,
  socketsPerAddress: 2,
  sessionsPerMinute: 2,
  recordsPerSession: 10,
  bytesPerDay: 100,
};

describe("AddressBook", () => {
  it("[P10] bounds sockets, sessions a minute and bytes a day of one address, and of no other", () => {
    let now = 1_000_000_000_000;
    const book = new AddressBook(limits, () => now);
    expect([book.open("a"), book.open("a"), book.open("a"), book.open("b")]).toEqual([true, true, false, true]);
    book.close("a");
    expect(book.open("a")).toBe(true);
    expect([book.session("a"), book.session("a")]).toEqual([0, 0]);
    expect(book.session("a")).toBeGreaterThan(0);
    expect(book.session("b")).toBe(0);
    now += 60_000;
    book.sweep();
    expect(book.session("a")).toBe(0);
    expect([book.store("a", 60), book.store("a", 40), book.store("b", 60)]).toEqual([0, 0, 0]);
    expect(book.store("a", 1)).toBeGreaterThan(0);
    now += 24 * 3_600_000;
    expect(book.store("a", 100)).toBe(0);
  });

  it("[P10] counts nothing without limits", () => {
    const book = new AddressBook(undefined, () => 0);
    for (let i = 0; i < 1000; i++) expect(book.open("a") && book.frame("a") && book.session("a") === 0).toBe(true);
  });

  it("forgets who uses nothing, but not what an address has stored today", () => {
    let now = 0;
    const book = new AddressBook(limits, () => now);
    for (let i = 0; i < 1000; i++) {
      book.open(`${i}`);
      book.session(`${i}`);
    }
    for (let i = 1; i < 1000; i++) book.close(`${i}`);
    book.store("1", 100);
    book.sweep();
    expect(book.size).toBe(1000);
    now += 120_000;
    book.sweep();
    expect(book.size).toBe(2); // one has a socket, one has its bytes
    expect(book.store("1", 1)).toBeGreaterThan(0);
    now += 24 * 3_600_000;
    book.sweep();
    expect(book.size).toBe(1);
  });
});

describe("Bucket", () => {
  it("saves no more than a second's worth", () => {
    const bucket = new Bucket(2, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, false]);
    expect(bucket.take(500)).toBe(true);
    expect([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)]).toEqual([true, true, false]);
  });
});
