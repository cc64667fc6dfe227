import assert from "node:assert/strict";
import test from "node:test";

import { placeAt, same, step } from "../../static/js/lib/reorder.js";

test("a row goes one place up or down and stops at the ends", () => {
  assert.deepEqual(step([1, 2, 3], 2, -1), [2, 1, 3]);
  assert.deepEqual(step([1, 2, 3], 2, 1), [1, 3, 2]);
  assert.deepEqual(step([1, 2, 3], 1, -1), [1, 2, 3]);
  assert.deepEqual(step([1, 2, 3], 3, 1), [1, 2, 3]);
  assert.deepEqual(step([1, 2, 3], 9, 1), [1, 2, 3]);
});

test("a dragged row takes the place whose middle it has passed", () => {
  const boxes = [{ top: 0, height: 10 }, { top: 10, height: 30 }, { top: 40, height: 10 }];
  assert.deepEqual([-5, 4, 6, 24, 26, 44, 46, 900].map((y) => placeAt(boxes, y)), [0, 0, 1, 1, 2, 2, 3, 3]);
  assert.equal(placeAt([], 5), 0);
});

test("orders are the same when every place is", () => {
  assert.equal(same([1, 2], [1, 2]), true);
  assert.equal(same([1, 2], [2, 1]), false);
  assert.equal(same([1, 2], [1]), false);
});
