import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesced } from "../../src/logic/coalesced.ts";
import { Restarts } from "../../src/logic/restarts.ts";

test("one runs, and however many are asked for meanwhile, one more", async () => {
  const ends: (() => void)[] = [];
  let runs = 0;
  const restart = coalesced(() => {
    runs += 1;
    return new Promise((resolve) => ends.push(resolve));
  });
  const all = [restart(), restart(), restart(), restart()];
  assert.equal(runs, 1);
  ends[0]?.();
  await all[0];
  await new Promise(setImmediate);
  assert.equal(runs, 2);
  ends[1]?.();
  await Promise.all(all);
  assert.equal(runs, 2);
});

test("what waits runs although what ran has failed", async () => {
  let runs = 0;
  const restart = coalesced(async () => {
    runs += 1;
    if (runs === 1) throw new Error("no");
  });
  const [first, second] = [restart(), restart()];
  await assert.rejects(first);
  await second;
  assert.equal(runs, 2);
});

test("the fourth end within three minutes is the last", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => restarts.again()),
    [true, true, true, false],
  );
  restarts.forget();
  assert.equal(restarts.again(), true);
});

test("ends that lie far apart are forgiven", () => {
  let now = 0;
  const restarts = new Restarts(() => now);
  for (let end = 0; end < 20; end += 1) {
    assert.equal(restarts.again(), true);
    now += 100_000;
  }
});
