import assert from "node:assert/strict";
import { test } from "node:test";

import { pause, reading } from "../../static/js/lib/progress.js";

test("a running job shows how far it is", () => {
  assert.deepEqual(reading({ done: 41, total: 98, state: "running", word: "Đang làm giấy mời" }), {
    done: 41, total: 98, max: 98, word: "Đang làm giấy mời", finished: false, failed: false, result: null,
  });
});

test("a finished job leads to its result", () => {
  const now = reading({ done: 98, total: 98, state: "done", word: "Xong", result_url: "/office/x/letters.pdf" });
  assert.deepEqual([now.finished, now.failed, now.result], [true, false, "/office/x/letters.pdf"]);
});

test("a failed job is finished and leads nowhere", () => {
  const now = reading({ done: 3, total: 98, state: "failed", result_url: "/office/x/letters.pdf" });
  assert.deepEqual([now.finished, now.failed, now.result, now.word], [true, true, null, ""]);
});

test("a job that does not know its size yet has an empty bar, and figures never leave it", () => {
  assert.deepEqual([reading({ state: "waiting" }).max, reading({ state: "waiting" }).done], [1, 0]);
  assert.deepEqual([reading({ done: 120, total: 98 }).done, reading({ done: -1, total: 98 }).done], [98, 0]);
});

test("a server that cannot answer is asked less often, and never less than twice a minute", () => {
  assert.deepEqual([0, 1, 2, 5, 50].map(pause), [1000, 2000, 4000, 30000, 30000]);
});
