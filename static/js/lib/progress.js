// What a progress line says, from the JSON {done, total, state, word, result_url}. Pure.
// state: "waiting", "running", "done", "failed".

export function reading(answer) {
  const total = Math.max(0, Number(answer.total) || 0);
  const done = Math.min(Math.max(0, Number(answer.done) || 0), total);
  const finished = answer.state === "done" || answer.state === "failed";
  return {
    done,
    total,
    max: total || 1,
    word: answer.word ?? "",
    finished,
    failed: answer.state === "failed",
    result: answer.state === "done" ? (answer.result_url ?? null) : null,
  };
}

// Milliseconds until the next look: a second, and longer the more often the server could not answer.
export function pause(failures) {
  return Math.min(1000 * 2 ** failures, 30_000);
}
